#!/bin/bash
# Sabotage: does nothing.
exit 0
