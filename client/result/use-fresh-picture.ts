import { useEffect, useRef, useState } from "react";
import { pictureProblem } from "../api/picture-problem.ts";

/** A running job's picture is asked for again this often at most. */
const REFRESH_MS = 2_000;

export interface FreshPicture {
  /** What to show: it is loaded already, so that a new picture never flickers. */
  readonly src: string | null;
  readonly status: "loading" | "shown" | "missing";
  /** Why the picture is missing, or older than it could be, as far as the hub says; null where nothing is wrong. */
  readonly problem: string | null;
}

/** Follows the changing address of a picture, keeping the old one until the new one is there. */
export function useFreshPicture(path: string): FreshPicture {
  const [fresh, setFresh] = useState<FreshPicture>({ src: null, status: "loading", problem: null });
  const lastAskedMs = useRef(-Infinity);
  const asked = useRef(0);
  const shown = useRef(0);
  useEffect(() => {
    const load = async () => {
      lastAskedMs.current = performance.now();
      const number = ++asked.current;
      const image = new Image();
      image.src = path;
      const decoded = await image.decode().then(() => true, () => false);
      const problem = decoded ? null : await pictureProblem(path);
      if (number < shown.current) return;
      shown.current = number;
      setFresh(({ src }) => (decoded ? { src: path, status: "shown", problem } : { src, status: src === null ? "missing" : "shown", problem }));
    };
    const timer = setTimeout(() => void load(), Math.max(0, lastAskedMs.current + REFRESH_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [path]);
  return fresh;
}
