// Starts the phone app: one mount, one service worker; decides nothing.
import { mount } from 'svelte'
import App from './App.svelte'
import { app } from './app.svelte'

const target = document.getElementById('app')
if (target) mount(App, { target })
void app.start()
