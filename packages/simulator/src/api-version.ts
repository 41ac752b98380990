/** The version of Stripe's API that the simulator speaks: that of the `stripe` package it is built against. */
export const API_VERSION = '2026-10-28.endive'
