// resolver_throughput ADDR[:PORT] COUNT IN-FLIGHT SUFFIX: asks COUNT questions for TXT at n0.SUFFIX,
// n1.SUFFIX, ... and prints what they cost this process. No test: a figure to compare within one sitting.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/uv_transport.h"
#include "resolver/stub_resolver.h"

namespace {

using namespace dauth;

class Asker final : public resolver::OutcomeHandler {
 public:
  Asker(net::EventLoop& loop, resolver::StubResolver& resolver, std::uint64_t total, std::string suffix)
      : loop_(loop), resolver_(resolver), total_(total), suffix_("." + suffix) {}

  void admit() {
    while (next_ < total_ && resolver_.has_room()) {
      const auto name = dns::DomainName::from_text("n" + std::to_string(next_) + suffix_);
      resolver_.ask({*name, dns::RrType::kTxt}, *this, next_++);
    }
  }
  void on_outcome(std::uint64_t, dns::LookupOutcome outcome) override {
    if (std::holds_alternative<dns::Failure>(outcome)) ++failures_;
    if (++done_ == total_) loop_.stop();
  }
  std::uint64_t failures() const { return failures_; }

 private:
  net::EventLoop& loop_;
  resolver::StubResolver& resolver_;
  std::uint64_t total_;
  std::string suffix_;
  std::uint64_t next_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t failures_ = 0;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  const auto server = argc == 5 ? net::SocketAddress::parse(argv[1]) : unexpected(std::string("usage"));
  if (!server) {
    std::fprintf(stderr, "resolver_throughput ADDR[:PORT] COUNT IN-FLIGHT SUFFIX\n");
    return 2;
  }
  const std::uint64_t total = std::strtoull(argv[2], nullptr, 10);
  net::EventLoop loop;
  net::SystemRandom random;
  net::UvTransport transport(loop, random);
  resolver::StubResolver resolver(transport, random,
                                  {.servers = {*server}, .in_flight = std::strtoull(argv[3], nullptr, 10)});
  Asker asker(loop, resolver, total, argv[4]);
  resolver.set_room_listener([&] { asker.admit(); });
  const auto start = net::Clock::now();
  asker.admit();
  loop.run();
  const std::chrono::duration<double> wall = net::Clock::now() - start;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double user = seconds(usage.ru_utime);
  const double system = seconds(usage.ru_stime);
  const auto count = static_cast<double>(total);
  std::printf(
      "questions/s %.0f  CPU us/question %.2f (user %.2f system %.2f)  failures %llu  timeouts %llu  peak "
      "KiB %ld\n",
      count / wall.count(), (user + system) / count * 1e6, user / count * 1e6, system / count * 1e6,
      static_cast<unsigned long long>(asker.failures()),
      static_cast<unsigned long long>(resolver.figures().timeouts), usage.ru_maxrss);
  return 0;
}
