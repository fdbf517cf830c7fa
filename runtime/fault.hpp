// Points at which the crash tests kill this process. Nothing is left of them in a build without MIG_FAULT.
#pragma once

#ifdef MIG_FAULT
#include <csignal>
#include <cstdlib>
#include <cstring>
#endif

namespace mig::runtime::fault {

#ifdef MIG_FAULT

// MIG_FAULT_KILL=before:7, sent:7 or answered:7 kills at the seventh statement of the process.
inline void reach(const char* place, int number) {
  const char* wanted = std::getenv("MIG_FAULT_KILL");
  const auto length = std::strlen(place);
  if (wanted == nullptr || std::strncmp(wanted, place, length) != 0 || wanted[length] != ':') return;
  if (std::atoi(wanted + length + 1) == number) raise(SIGKILL);
}

inline int statements = 0;
inline void before_statement() { reach("before", ++statements); }
inline void statement_sent() { reach("sent", statements); }
inline void answer_read() { reach("answered", statements); }

#else

inline void before_statement() {}
inline void statement_sent() {}
inline void answer_read() {}

#endif

}  // namespace mig::runtime::fault
