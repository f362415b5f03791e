// What the build writes into the app: its version.
declare const __APP__: string
