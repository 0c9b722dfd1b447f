// A network of the test's own: enter_own_network() moves this process into a new network namespace where
// 127.0.0.0/8 and fd00::/64 lead to loopback, meet() adds a rule of nftables, and IcmpForger answers SYNs
// that a rule drops with the ICMP error that a table has for their target.
//
// A test program that has entered stays there: each test runs in a process of its own. Children inherit the
// network. Errors: entering says why it cannot be; afterwards std::runtime_error with what the tool printed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace dauth::testing {

// Empty where the process is in a network of its own now; else why not, for the reader of a skipped test.
std::string enter_own_network();

// Runs ip(8) or nft(8) with these arguments.
void run_tool(const std::string& tool, const std::vector<std::string>& arguments);

// A rule of the input chain: packets to `address` and port 587 meet `verdict`, as nft(8) spells it.
void meet(const std::string& address, const std::string& verdict);

struct ForgedError {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
};

// Sees packets on loopback before any rule does and answers from a thread of its own, as a router would:
// after connect() has returned.
class IcmpForger {
 public:
  // By the text of the address that the SYN went to.
  explicit IcmpForger(std::map<std::string, ForgedError> errors);
  ~IcmpForger();
  IcmpForger(const IcmpForger&) = delete;
  IcmpForger& operator=(const IcmpForger&) = delete;

 private:
  void run();
  void answer(const std::vector<std::uint8_t>& packet) const;

  std::map<std::string, ForgedError> errors_;
  int packets_ = -1;
  int raw_v4_ = -1;
  int raw_v6_ = -1;
  int stopping_ = -1;
  std::thread thread_;
};

}  // namespace dauth::testing
