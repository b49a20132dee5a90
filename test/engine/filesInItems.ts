// Import this before anything of n8n, which reads its settings while it loads.
process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'default';
