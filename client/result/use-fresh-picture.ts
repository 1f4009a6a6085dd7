import { useEffect, useRef, useState } from "react";

/** A running job's picture is asked for again this often at most. */
const REFRESH_MS = 2_000;

export interface FreshPicture {
  /** What to show: it is loaded already, so that a new picture never flickers. */
  readonly src: string | null;
  readonly status: "loading" | "shown" | "missing";
}

/** Follows the changing address of a picture, keeping the old one until the new one is there. */
export function useFreshPicture(path: string): FreshPicture {
  const [fresh, setFresh] = useState<FreshPicture>({ src: null, status: "loading" });
  const lastAskedMs = useRef(-Infinity);
  const asked = useRef(0);
  const shown = useRef(0);
  useEffect(() => {
    const load = () => {
      lastAskedMs.current = performance.now();
      const number = ++asked.current;
      const image = new Image();
      image.src = path;
      image.decode().then(
        () => {
          if (number < shown.current) return;
          shown.current = number;
          setFresh({ src: path, status: "shown" });
        },
        () => setFresh((before) => ({ src: before.src, status: before.src === null ? "missing" : "shown" })),
      );
    };
    const timer = setTimeout(load, Math.max(0, lastAskedMs.current + REFRESH_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [path]);
  return fresh;
}
