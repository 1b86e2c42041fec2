/*
 * cli: options, help, exit status. The only layer that prints, and with `pipeline` the only one
 * that reads the clock and the environment.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

int cli_main(int argc, char **argv);

#endif
