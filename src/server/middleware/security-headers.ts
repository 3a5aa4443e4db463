import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

/** Security headers for every response. The page and the reference need nothing from elsewhere and nothing inline. */
export function securityHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
    xFrameOptions: "DENY",
    // The server speaks plain HTTP, where the header means nothing.
    strictTransportSecurity: false,
  });
}
