/** Twilio's codes that this API gives, each with its HTTP status and what it means. */
const ERRORS = {
  20001: [400, 'A parameter is not valid'],
  20003: [401, 'Authentication Error - invalid username or password'],
  20004: [405, 'Method not allowed'],
  20404: [404, 'The requested resource was not found'],
  20429: [429, 'Too Many Requests'],
  20500: [500, 'Internal Server Error'],
  20503: [503, 'Service unavailable'],
  21201: [400, "No 'To' number is specified"],
  21205: [400, 'Url is not valid'],
  21206: [400, 'SendDigits is not valid'],
  21208: [400, 'Timeout is not valid'],
  21209: [400, 'Method is not valid'],
  21210: [400, 'The source phone number is not yet verified for your account'],
  21211: [400, "Invalid 'To' Phone Number"],
  21212: [400, "Invalid 'From' Phone Number"],
  21213: [400, "No 'From' number is specified"],
  21214: [400, "'To' phone number cannot be reached"],
  21215: [400, 'Account not authorized to call this number; check Geographic Permissions'],
  21216: [400, 'Account not allowed to call this number'],
  21218: [400, 'ApplicationSid is not valid'],
  21220: [400, 'Call is not in-progress. Cannot redirect.'],
  21262: [400, 'AsyncAmdStatusCallback is not valid'],
  21402: [400, 'Url is not valid'],
  21403: [400, 'Method is not valid'],
  21421: [400, 'PhoneNumber is invalid'],
  21422: [400, 'PhoneNumber is not available'],
  21451: [400, 'AreaCode is invalid'],
  21452: [400, 'No phone numbers found in this area code'],
  21631: [400, 'The number requires an Address'],
  21649: [400, 'The number requires a Bundle'],
} as const satisfies Readonly<Record<number, readonly [number, string]>>;

export type ErrorCode = keyof typeof ERRORS;

/** A request is refused. `code` is Twilio's; the answer's body is what `toJSON` gives. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly code: ErrorCode;
  readonly status: number;

  /** `detail` says which parameter, without its value. */
  constructor(code: ErrorCode, detail = '') {
    const [status, meaning] = ERRORS[code];
    super(detail === '' ? meaning : `${meaning}: ${detail}`);
    this.code = code;
    this.status = status;
  }

  toJSON() {
    const { code, message, status } = this;
    return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  }
}
