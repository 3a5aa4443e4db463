/** The style sheet of the reference page. */
export const REFERENCE_STYLE = `:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 58rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 small { font-size: 1rem; font-weight: normal; opacity: 0.7; }
h2 { margin-top: 3rem; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding-top: 1.5rem; }
h2, h3, tr { scroll-margin-top: 1rem; }
code, pre { font: 0.9em/1.5 ui-monospace, monospace; }
pre { overflow: auto; max-height: 24rem; padding: 0.9rem 1rem; border-radius: 0.4rem; background: color-mix(in srgb, currentColor 7%, transparent); }
table { display: block; overflow-x: auto; border-collapse: collapse; }
th, td { padding: 0.35rem 0.9rem 0.35rem 0; text-align: left; vertical-align: top; font-weight: normal; border-bottom: 1px solid color-mix(in srgb, currentColor 12%, transparent); }
thead th { font-weight: 600; }
em { font-size: 0.85em; opacity: 0.7; }
tr:target { background: color-mix(in srgb, currentColor 10%, transparent); }
`;
