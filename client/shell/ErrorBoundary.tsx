import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";

interface Props {
  readonly children: ReactNode;
}

/** A page that breaks leaves the shell, and this tab's Compute Server, standing. React itself logs the error. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override readonly state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <ErrorNotice title="This page could not be shown" error={error}>
        <Button variant="default" onClick={() => location.reload()}>Load it again</Button>
      </ErrorNotice>
    );
  }
}
