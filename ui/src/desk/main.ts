import '$lib/styles/index.css';
import { mount } from 'svelte';
import { errorText } from '$lib/state/error-texts';
import { knowFailures } from '$lib/state/failures.svelte';
import App from './App.svelte';

// The desk comes over the network: what it says when that is gone must be there before.
knowFailures(errorText);

mount(App, { target: document.getElementById('app')! });
