import { once } from "node:events";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A real SMTP server on loopback that keeps what it gets. */
export class Postbox {
  readonly mails: ParsedMail[] = [];
  readonly url: string;
  readonly #server: SMTPServer;

  private constructor(server: SMTPServer, port: number) {
    this.#server = server;
    this.url = `smtp://127.0.0.1:${port}`;
  }

  static async open(): Promise<Postbox> {
    const server: SMTPServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData: (stream, _session, callback) => {
        simpleParser(stream).then((mail) => {
          postbox.mails.push(mail);
          callback();
        }, callback);
      },
    });
    const listening = server.listen(0, "127.0.0.1");
    await once(listening, "listening");
    const address = listening.address();
    if (address === null || typeof address === "string") throw new Error("Cannot open the postbox: it has no port");
    const postbox = new Postbox(server, address.port);
    return postbox;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => { this.#server.close(resolve); });
  }
}
