export interface Lead {
  readonly name: string;
  readonly phone: string;
}

export interface Appointment {
  readonly name: string;
  readonly time: string;
}

/** What the agent's tools do. Any of it may take long, and may fail. */
export interface Office {
  saveLead(lead: Lead): Promise<void>;
  freeTimes(date: string): Promise<readonly string[]>;
  book(appointment: Appointment): Promise<string>;
  cancel(name: string): Promise<void>;
}
