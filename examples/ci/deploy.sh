#!/bin/sh
# Stands for the deployment of the application.
echo "deployed"
