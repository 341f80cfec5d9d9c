export interface ConsoleServer {
  origin: string;
  userName: string;
  password: string;
  stop(): Promise<void>;
}
export async function startConsoleServer(): Promise<ConsoleServer> {
  return { origin: 'http://127.0.0.1:7155', userName: 'ada', password: 'correct horse', stop: async () => {} };
}
