// Signal handlers that only count.
#include "cli/interrupt.hpp"

#include <signal.h>

#include "cli/command.hpp"

namespace mig::cli {

namespace {

// Signal handlers can reach nothing else: the one mutable global of the program.
volatile sig_atomic_t count = 0;
volatile sig_atomic_t first_signal = 0;

void on_signal(int signal) {
  if (count == 0) first_signal = signal;
  if (count < 2) count = count + 1;
}

}  // namespace

void count_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  // No SA_RESTART: a question or a sleep in progress must return.
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

int interrupts() { return count; }

int interrupt_exit() { return first_signal == SIGINT ? interrupted : first_signal == SIGTERM ? terminated : 0; }

}  // namespace mig::cli
