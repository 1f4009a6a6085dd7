import "./gallery.css";
import { Anchor, Button, Group } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { galleryQuery } from "../api/queries.ts";
import { SearchField } from "../jobs/SearchField.tsx";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Page } from "../layout/Page.tsx";
import { addressOf, filterOf, type GalleryFilter } from "./gallery-filter.ts";
import { GalleryCard, GalleryCardSkeleton } from "./GalleryCard.tsx";

const PLACE_HOLDERS = 6;
const SHOWN_TAGS = 16;

/** Every public job and its answer, newest first. */
export default function GalleryPage() {
  const [params, setParams] = useSearchParams();
  const filter = filterOf(params);
  // A search field that is cleared from outside begins anew.
  const [clears, setClears] = useState(0);
  const narrow = (change: Partial<GalleryFilter>) => setParams(addressOf({ ...filter, ...change }), { replace: true });
  const showEverything = () => {
    setParams({}, { replace: true });
    setClears(clears + 1);
  };
  const asked = { ...(filter.q === "" ? {} : { q: filter.q }), ...(filter.tag === "" ? {} : { tag: filter.tag }) };
  // What hangs there stays until the answer to the next letter is here, and so do the tags.
  const query = useInfiniteQuery({ ...galleryQuery(asked), placeholderData: keepPreviousData });
  const jobs = query.data?.pages.flatMap(({ items }) => items);
  const tags = query.data?.pages[0]?.tags.slice(0, SHOWN_TAGS) ?? [];
  return (
    <Page title="Gallery" lead="What many hands have computed, and what they compute right now.">
      <div className="gallery-filter">
        <div className="gallery-search"><SearchField key={clears} label="Name, owner or tag" value={filter.q} onChange={(q) => narrow({ q })} /></div>
        {tags.length === 0 && filter.tag === "" ? null : <Tags tags={tags} chosen={filter.tag} onChoose={(tag) => narrow({ tag })} />}
      </div>
      {query.error === null ? null : (
        <ErrorNotice title="The gallery cannot be shown now" error={query.error}><Button onClick={() => void query.refetch()}>Try again</Button></ErrorNotice>
      )}
      {jobs?.length === 0 ? <NothingFound filtered={filter.q !== "" || filter.tag !== ""} onClear={showEverything} /> : null}
      {query.isPending ? <div role="status" aria-label="Loading the gallery" className="gallery-cards">{Array.from({ length: PLACE_HOLDERS }, (_, i) => <GalleryCardSkeleton key={i} />)}</div> : null}
      {jobs === undefined || jobs.length === 0 ? null : (
        <ul className="gallery-cards" aria-busy={query.isPlaceholderData}>{jobs.map((job) => <GalleryCard key={job.jobId} job={job} onTag={(tag) => narrow({ tag })} />)}</ul>
      )}
      {query.hasNextPage ? (
        <Group justify="center"><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Load more</Button></Group>
      ) : null}
    </Page>
  );
}

interface TagsProps {
  readonly tags: readonly { readonly tag: string; readonly count: number }[];
  readonly chosen: string;
  readonly onChoose: (tag: string) => void;
}

function Tags({ tags, chosen, onChoose }: TagsProps) {
  const shown = chosen === "" || tags.some(({ tag }) => tag === chosen) ? tags : [{ tag: chosen, count: 0 }, ...tags];
  return (
    <div className="gallery-tags" role="group" aria-label="Tags">
      {shown.map(({ tag, count }) => (
        <button key={tag} type="button" aria-pressed={tag === chosen} onClick={() => onChoose(tag === chosen ? "" : tag)}>
          {tag}{count > 0 ? <span className="gallery-tag-count">{count}</span> : null}
        </button>
      ))}
    </div>
  );
}

function NothingFound({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState title="Nothing of that kind is here">
        <p>No public job has these words in its name, owner or tags.</p>
        <Button variant="default" onClick={onClear}>Show everything</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="The walls are still bare">
      <p>Public jobs hang here with their pictures, from their first result on.</p>
      <Anchor component={Link} to="/submit">Submit the first job</Anchor>
    </EmptyState>
  );
}
