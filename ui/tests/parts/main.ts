import '$lib/styles/index.css';
import { mount } from 'svelte';
import Parts from './Parts.svelte';

const theme = new URLSearchParams(location.search).get('theme');
if (theme) document.documentElement.setAttribute('data-theme', theme);
mount(Parts, { target: document.getElementById('app')! });
