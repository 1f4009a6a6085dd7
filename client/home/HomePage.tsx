import "./home.css";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { gridQuery } from "../api/queries.ts";
import { START_NOW } from "../contribute/start-now.ts";
import { formatCount, formatRate } from "../format/quantity.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { usePageTitle } from "../layout/Page.tsx";
import { LatestPictures } from "./LatestPictures.tsx";
import { SlotMosaic } from "./SlotMosaic.tsx";

export default function HomePage() {
  usePageTitle("Many hands make light work");
  const navigate = useNavigate();
  const { data: pulse, error } = useQuery(gridQuery);
  return (
    <>
      <section className="home-hero">
        <div>
          <h1>Many hands make light work</h1>
          <p>
            Manyhands is a compute grid made of open browser tabs. Anyone can lend a hand: a tab becomes a Compute Server
            at one click, with nothing to install, and stops at another. Anyone with a heavy computation can submit it,
            and watch the answer grow at a link that stays.
          </p>
          <div className="home-ways">
            <Button size="lg" onClick={() => void navigate("/contribute", { state: START_NOW })}>Lend a hand</Button>
            <Button size="lg" variant="default" component={Link} to="/submit">Submit a job</Button>
          </div>
        </div>
        <figure className="home-pulse">
          <SlotMosaic slots={pulse?.slots ?? 0} working={pulse !== undefined && pulse.runningJobs > 0 && pulse.tasksPerSecond > 0} />
          <figcaption>
            <dl>
              <Pulse name={pulse?.computeServers === 1 ? "Compute Server" : "Compute Servers"} value={pulse && formatCount(pulse.computeServers)} />
              <Pulse name="tasks a second" value={pulse && formatRate(pulse.tasksPerSecond)} />
              <Pulse name={pulse?.runningJobs === 1 ? "running job" : "running jobs"} value={pulse && formatCount(pulse.runningJobs)} />
            </dl>
          </figcaption>
        </figure>
      </section>
      {error === null ? null : <ErrorNotice title="The grid's pulse cannot be felt" error={error} />}
      <LatestPictures />
    </>
  );
}

function Pulse({ name, value = "–" }: { readonly name: string; readonly value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mh-number">{value}</dd>
    </div>
  );
}
