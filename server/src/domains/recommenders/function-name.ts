/** Names of Lambda functions: `name`, `name:alias`, `123456789012:function:name` or a whole ARN (the Lambda API's own pattern). */
const pattern =
  /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]{1,32}:[0-9]{12}:function:|[0-9]{12}:function:)?[A-Za-z0-9_-]{1,140}(?::(?:\$LATEST|[A-Za-z0-9_-]{1,128}))?$/;

export function namesFunction(text: string): boolean {
  return pattern.test(text);
}
