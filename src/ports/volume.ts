/** The volume of DATA_DIR: what every job writes to. */
export interface Volume {
  /** Throws PublishError disk-full when there is no room for work; what writing throws when nothing can be written. */
  check(): Promise<void>;
}
