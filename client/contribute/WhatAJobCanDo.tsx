/** What SANDBOX.md found out, for the one whose computer it is. */
export function WhatAJobCanDo() {
  return (
    <section className="mh-panel contribute-honest" aria-labelledby="honest">
      <h2 id="honest">What a job can and cannot do to this computer</h2>
      <div>
        <p>
          A job is code that someone else wrote, and nobody has read it for you. It runs in a sandbox that your browser
          builds: a hidden frame with an origin of its own, made up at random for that job, and Web Workers within.
        </p>
        <p>
          <strong>It cannot</strong> reach the network, this hub included; read or keep anything in this browser's storage;
          see other tabs, other pages, your files, your camera, your clipboard, or another job; change this page; or go on after you stop.
        </p>
        <p>
          <strong>It can</strong> use the processor in the Slots you give it, at the share you set, and memory while it runs.
          A careless or hostile job can make the machine warm, slow, or short of memory, and in some Firefoxes this tab sluggish,
          until its time is up; a task that hangs is ended and its Slot made anew, and a job that ends Slot after Slot is stopped
          for everybody. A fault in the browser itself could let a job out, so keep your browser up to date.
        </p>
        <p>
          <strong>You can</strong> read the code of what runs, and stop at any moment: by the button above, within a second, or by
          closing the tab. Nothing is lost by that. Tasks that had not finished go to someone else. The hub sees your address,
          as every website does, and the name that you give this Compute Server; it is listed on the Grid page.
        </p>
      </div>
    </section>
  );
}
