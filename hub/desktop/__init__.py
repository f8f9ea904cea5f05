"""The program around the hub: command line, log, window, browser, shutdown."""
