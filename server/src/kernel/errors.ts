/**
 * Every error that may reach a caller, as one catalogue: AWS's code, the HTTP status that goes with it.
 * Domains throw `ServiceError`; only `http/` turns one into an answer. Anything else thrown is a fault of ours (500).
 */
export const errorStatus = {
  BadRequestException: 400,
  IncompleteSignature: 400,
  ForbiddenException: 403,
  MissingAuthenticationToken: 403,
  UnrecognizedClientException: 403,
  SignatureDoesNotMatch: 403,
  RequestExpired: 403,
  NotFoundException: 404,
  MethodNotAllowedException: 405,
  RequestTimeoutException: 408,
  ConflictException: 409,
  PayloadTooLargeException: 413,
  RequestHeaderFieldsTooLargeException: 431,
  TooManyRequestsException: 429,
  InternalServerErrorException: 500,
  NotImplementedException: 501,
  ServiceUnavailableException: 503,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** An expected refusal. `message` is shown to the caller: never put personal data or internals into it. */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.code = code;
    this.status = errorStatus[code];
  }
}

export const badRequest = (message: string) => new ServiceError('BadRequestException', message);
export const forbidden = (message: string) => new ServiceError('ForbiddenException', message);
export const conflict = (message: string) => new ServiceError('ConflictException', message);
export const tooManyRequests = (message: string) => new ServiceError('TooManyRequestsException', message);
export const unavailable = (message: string) => new ServiceError('ServiceUnavailableException', message);

/** Texts of dossier/audience §1.2: the app itself says `Application not found`, everything else `Resource not found`. */
export const notFound = (message = 'Resource not found') => new ServiceError('NotFoundException', message);
