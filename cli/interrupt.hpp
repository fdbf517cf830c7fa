// Ctrl-C and SIGTERM: counted, never fatal while a migration runs.
#pragma once

namespace mig::cli {

// From now on SIGINT and SIGTERM are counted. Without this call they end the program as usual.
void count_interrupts();
// How many came: 0 go on, 1 end after the current statement, 2 cancel it.
[[nodiscard]] int interrupts();
// 130 after SIGINT, 143 after SIGTERM, 0 when neither came.
[[nodiscard]] int interrupt_exit();

}  // namespace mig::cli
