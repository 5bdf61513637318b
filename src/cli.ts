#!/usr/bin/env node
import { fix } from "./index.ts";

process.stdout.write(fix("").output);
