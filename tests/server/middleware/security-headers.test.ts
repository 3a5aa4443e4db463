import { expect, it } from "vitest";
import { createApp } from "../../../src/server/app.js";
import { scripted } from "../scripted.js";

it.each(["/", "/api/health", "/nothing"])(
  "%s has the headers that keep other pages and scripts out",
  async (path) => {
    const { headers } = await createApp({ waymark: scripted() }).request(path);
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get("content-security-policy")).not.toContain("unsafe");
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
  },
);
