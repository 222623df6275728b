import '$lib/styles/index.css';
import { mount } from 'svelte';
import { loadFailures } from '$lib/state/failures.svelte';
import App from './App.svelte';

mount(App, { target: document.getElementById('app')! });
void loadFailures();
