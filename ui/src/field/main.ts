import '$lib/styles/index.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { session } from './state/session.svelte';

// Asked before anything is built: the answer comes meanwhile.
void session.refresh();
mount(App, { target: document.getElementById('app')! });
