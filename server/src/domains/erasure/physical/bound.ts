/** Within how many hours the bytes of erased rows leave the files of the embedded server: a job takes them out every night. */
export const physicalRemovalHours = 24;
