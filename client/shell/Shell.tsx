import "./shell.css";
import { ActionIcon } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import { Suspense, useEffect, useRef } from "react";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { Loading } from "../layout/Loading.tsx";
import { useIdentityChange } from "../account/use-identity-change.ts";
import { AccountCorner } from "./AccountCorner.tsx";
import { ColorSchemeSwitch } from "./ColorSchemeSwitch.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { LendingIndicator } from "./LendingIndicator.tsx";
import { Logo } from "./Logo.tsx";

const PAGES: readonly { readonly to: string; readonly label: string; readonly alsoUnder?: string }[] = [
  { to: "/contribute", label: "Contribute" },
  { to: "/submit", label: "Submit" },
  { to: "/jobs", label: "Jobs" },
  { to: "/gallery", label: "Gallery", alsoUnder: "/results/" },
  { to: "/grid", label: "Grid" },
];

/** What stands around every page. */
export function Shell() {
  const { pathname } = useLocation();
  const main = useMainOfNewPage(pathname);
  useIdentityChange();
  return (
    <div className="shell">
      <a className="shell-skip" href="#main">Skip to the page</a>
      <header className="shell-header">
        <div className="shell-bar">
          <Link className="shell-brand" to="/"><Logo size={30} /> <span className="shell-brand-name">Manyhands</span></Link>
          <nav className="shell-nav" aria-label="Pages">
            {PAGES.map(({ to, label, alsoUnder }) => (
              <NavLink key={to} to={to} className={({ isActive }) => (isActive || (alsoUnder !== undefined && pathname.startsWith(alsoUnder)) ? "active" : "")}>{label}</NavLink>
            ))}
          </nav>
          <div className="shell-tools">
            <LendingIndicator />
            <AccountCorner />
            <ActionIcon component={Link} to="/settings" variant="default" size="lg" aria-label="Settings"><IconSettings size={18} stroke={1.7} /></ActionIcon>
            <ColorSchemeSwitch />
          </div>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className="shell-main">
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<Loading what="the page" />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </main>
      <footer className="shell-footer">
        <div className="shell-bar">
          <span>Many hands make light work.</span>
          <nav aria-label="For programs">
            <a href="/api">API</a>
            <a href="/api/openapi.json">OpenAPI</a>
          </nav>
        </div>
      </footer>
    </div>
  );
}

/** On a new page the reader starts at its top, with the keyboard too; the first page is left to the browser. */
function useMainOfNewPage(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
