import { lazy } from "react";
import { BrowserRouter, Route, Routes } from "react-router";
import { Shell } from "./shell/Shell.tsx";

// A page's code comes when the page is opened.
const HomePage = lazy(() => import("./home/HomePage.tsx"));
const ContributePage = lazy(() => import("./contribute/ContributePage.tsx"));
const SubmitPage = lazy(() => import("./submit/SubmitPage.tsx"));
const JobsPage = lazy(() => import("./jobs/JobsPage.tsx"));
const JobPage = lazy(() => import("./jobs/JobPage.tsx"));
const GalleryPage = lazy(() => import("./gallery/GalleryPage.tsx"));
const ResultPage = lazy(() => import("./result/ResultPage.tsx"));
const GridPage = lazy(() => import("./grid/GridPage.tsx"));
const SettingsPage = lazy(() => import("./settings/SettingsPage.tsx"));
const SignInPage = lazy(() => import("./account/SignInPage.tsx"));
const SignUpPage = lazy(() => import("./account/SignUpPage.tsx"));
const InvitationPage = lazy(() => import("./account/InvitationPage.tsx"));
const PeoplePage = lazy(() => import("./people/PeoplePage.tsx"));
const NotFoundPage = lazy(() => import("./not-found/NotFoundPage.tsx"));

export function App() {
  return (
    <BrowserRouter>
      <Routes>
        <Route element={<Shell />}>
          <Route index element={<HomePage />} />
          <Route path="contribute" element={<ContributePage />} />
          <Route path="submit" element={<SubmitPage />} />
          <Route path="jobs" element={<JobsPage />} />
          <Route path="jobs/:jobId" element={<JobPage />} />
          <Route path="gallery" element={<GalleryPage />} />
          <Route path="results/:jobId" element={<ResultPage />} />
          <Route path="grid" element={<GridPage />} />
          <Route path="settings" element={<SettingsPage />} />
          <Route path="sign-in" element={<SignInPage />} />
          <Route path="sign-up" element={<SignUpPage />} />
          <Route path="invitation" element={<InvitationPage />} />
          <Route path="people" element={<PeoplePage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </BrowserRouter>
  );
}
