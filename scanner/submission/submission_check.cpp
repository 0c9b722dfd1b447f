#include "scanner/submission/submission_check.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "resolver/net/tcp_connection.h"
#include "scanner/submission/smtp_dialogue.h"
#include "scanner/submission/submission_icmp.h"

namespace dauth::scanner {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

microseconds since(Clock::time_point begin) {
  return std::chrono::duration_cast<microseconds>(Clock::now() - begin);
}

net::SocketAddress socket_address(const IpAddress& address, std::uint16_t port) {
  sockaddr_storage native{};
  const auto octets = address.octets();
  if (address.family() == IpFamily::kIpv4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(native);
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, octets.data(), octets.size());
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(native);
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, octets.data(), octets.size());
  }
  return net::SocketAddress::from_native(native).with_port(port);
}

IpAddress ip_address(const net::SocketAddress& address) {
  sockaddr_storage native{};
  address.to_native(native);
  if (address.family() == net::AddressFamily::kIpv4) {
    Ipv4Octets octets{};
    std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in&>(native).sin_addr, octets.size());
    return IpAddress(octets);
  }
  Ipv6Octets octets{};
  std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6&>(native).sin6_addr, octets.size());
  return IpAddress(octets);
}

// RFC 5321 section 4.1.3.
std::string address_literal(const IpAddress& address) {
  return (address.family() == IpFamily::kIpv4 ? "[" : "[IPv6:") + address.to_text() + "]";
}

// Not "this network" (to connect there is to connect to oneself), multicast, or reserved (RFC 6890).
bool may_be_a_host(const IpAddress& address) {
  const auto octets = address.octets();
  if (address.family() == IpFamily::kIpv4) return octets[0] != 0 && octets[0] < 224;
  const bool is_unspecified =
      std::all_of(octets.begin(), octets.end(), [](std::uint8_t o) { return o == 0; });
  return !is_unspecified && octets[0] != 0xff;
}

// One connection and what is said over it.
class Attempt final : private net::TcpConnection::Owner {
 public:
  Attempt(net::EventLoop& loop, const SubmissionSettings& settings, std::string host, PortOutcome& outcome,
          std::function<void()> over)
      : settings_(settings),
        host_(std::move(host)),
        outcome_(outcome),
        over_(std::move(over)),
        connection_(loop, *this, socket_address(outcome.address, outcome.port), settings.timer) {}

 private:
  void on_connected() override {
    outcome_.port_case = PortCase::kService;
    outcome_.time = since(begun_);
    std::string name = settings_.client_name;
    if (const auto here = connection_.local_address(); name.empty() && here) {
      name = address_literal(ip_address(*here));
    }
    dialogue_.emplace(outcome_.service, host_, name);
    go_on();
  }

  void on_failed(const net::ConnectFailure& failure) override {
    using Kind = net::ConnectFailure::Kind;
    outcome_.time = since(begun_);
    switch (failure.kind) {
      case Kind::kReset:
        outcome_.port_case = PortCase::kReset;
        break;
      case Kind::kSilent:
        outcome_.port_case = PortCase::kTimeOut;
        break;
      case Kind::kNotSent:
        outcome_.port_case = PortCase::kNotSent;
        outcome_.system_error = failure.system_error;
        break;
      case Kind::kIcmp:
        take(failure.icmp.value());
        break;
    }
    over_();
  }

  void on_octets(std::span<const std::uint8_t> octets) override {
    dialogue_->received(octets, since(begun_));
    go_on();
  }

  void on_ended(net::TcpConnection::End end) override {
    dialogue_->broken(end == net::TcpConnection::End::kTimer ? SmtpDialogue::Broken::kTimer
                                                             : SmtpDialogue::Broken::kClosed);
    go_on();
  }

  void take(const net::IcmpError& error) {
    const IcmpWeight weight = icmp_weight(outcome_.address.family(), error.type, error.code);
    outcome_.port_case = weight == IcmpWeight::kHard ? PortCase::kIcmpHard : PortCase::kIcmpSoft;
    IcmpCause& cause = outcome_.icmp.emplace();
    cause.type = error.type;
    cause.code = error.code;
    cause.is_from_here = error.is_from_here;
    if (error.sender) cause.sender = ip_address(*error.sender);
  }

  void go_on() {
    connection_.send(dialogue_->outgoing());
    if (!dialogue_->is_over()) return;
    connection_.close();
    outcome_.dialogue = dialogue_->take_findings();
    over_();
  }

  const SubmissionSettings& settings_;
  std::string host_;
  PortOutcome& outcome_;
  std::function<void()> over_;
  Clock::time_point begun_ = Clock::now();
  std::optional<SmtpDialogue> dialogue_;
  net::TcpConnection connection_;
};

}  // namespace

struct SubmissionCheck::State {
  // The ports of one address, in their order.
  struct Chain {
    std::vector<PortOutcome*> outcomes;
    std::size_t begun = 0;
    net::EventLoop::Timer stagger;
  };
  struct Job {
    SubmissionHost host;
    Done done;
  };

  State(net::EventLoop& event_loop, SubmissionSettings given)
      : loop(event_loop), settings(std::move(given)) {}

  void start_next();
  std::vector<IpAddress> addresses_of(const SubmissionHost& host);
  void lay_out();
  void begin_next(Chain& chain);
  void begin(Chain& chain, PortOutcome& outcome);
  void over(Chain& chain, PortOutcome& outcome);
  void one_less();
  void finish();

  net::EventLoop& loop;
  SubmissionSettings settings;
  std::map<std::pair<IpAddress, std::uint16_t>, PortOutcome> known;
  std::deque<Job> jobs;  // the first is under way
  bool is_running = false;
  Clock::time_point started;
  SubmissionReport report;
  std::deque<Chain> chains;
  std::deque<Attempt> attempts;
  std::size_t to_come = 0;      // outcomes
  net::EventLoop::Timer later;  // what must not be done within an event of an attempt or within begin()
};

SubmissionCheck::SubmissionCheck(net::EventLoop& loop, SubmissionSettings settings)
    : state_(std::make_unique<State>(loop, std::move(settings))) {}

SubmissionCheck::~SubmissionCheck() = default;

void SubmissionCheck::begin(SubmissionHost host, Done done) {
  state_->jobs.push_back({std::move(host), std::move(done)});
  if (std::exchange(state_->is_running, true)) return;
  state_->later =
      state_->loop.after(std::chrono::milliseconds(0), [state = state_.get()] { state->start_next(); });
}

void SubmissionCheck::State::start_next() {
  started = Clock::now();
  lay_out();
  to_come = report.ports.size();
  for (Chain& chain : chains) begin_next(chain);
  if (report.ports.empty()) later = loop.after(std::chrono::milliseconds(0), [this] { finish(); });
}

// IPv6 first, each once, as many of a family as are allowed; the others are told.
std::vector<IpAddress> SubmissionCheck::State::addresses_of(const SubmissionHost& host) {
  std::vector<IpAddress> taken;
  for (const IpFamily family : {IpFamily::kIpv6, IpFamily::kIpv4}) {
    std::size_t count = 0;
    for (const IpAddress& address : host.addresses) {
      if (address.family() != family) continue;
      const auto has = [&address](const std::vector<IpAddress>& list) {
        return std::find(list.begin(), list.end(), address) != list.end();
      };
      if (has(taken) || has(report.left_out)) continue;
      if (count++ < settings.addresses_of_family) {
        taken.push_back(address);
      } else {
        report.left_out.push_back(address);
      }
    }
  }
  return taken;
}

void SubmissionCheck::State::lay_out() {
  const SubmissionHost& host = jobs.front().host;
  report = {};
  report.host = host.host;
  report.timer = settings.timer;
  const std::vector<IpAddress> addresses = addresses_of(host);
  report.addresses = addresses.size();
  for (const SubmissionPort& port : settings.ports) {
    for (const IpAddress& address : addresses) report.ports.push_back({address, port.port, port.service});
  }
  // From here on the outcomes stay where they are.
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    Chain& chain = chains.emplace_back();
    for (std::size_t at = i; at < report.ports.size(); at += addresses.size()) {
      chain.outcomes.push_back(&report.ports[at]);
    }
  }
}

void SubmissionCheck::State::begin_next(Chain& chain) {
  chain.stagger = {};
  bool waits = false;
  while (!waits && chain.begun < chain.outcomes.size()) {
    PortOutcome& outcome = *chain.outcomes[chain.begun++];
    const auto before = known.find({outcome.address, outcome.port});
    if (!may_be_a_host(outcome.address)) {
      one_less();
    } else if (before != known.end()) {
      const SubmissionService service = outcome.service;
      outcome = before->second;
      outcome.service = service;
      outcome.known = true;
      one_less();
    } else {
      begin(chain, outcome);
      waits = true;
    }
  }
}

void SubmissionCheck::State::begin(Chain& chain, PortOutcome& outcome) {
  if (chain.begun < chain.outcomes.size()) {
    chain.stagger = loop.after(settings.stagger, [this, &chain] { begin_next(chain); });
  }
  attempts.emplace_back(loop, settings, jobs.front().host.host, outcome,
                        [this, &chain, &outcome] { over(chain, outcome); });
}

void SubmissionCheck::State::over(Chain& chain, PortOutcome& outcome) {
  known.insert_or_assign({outcome.address, outcome.port}, outcome);
  one_less();
  // The last one begun need not be waited for any longer.
  const bool is_last_begun = chain.outcomes[chain.begun - 1] == &outcome;
  if (is_last_begun && chain.begun < chain.outcomes.size()) begin_next(chain);
}

void SubmissionCheck::State::one_less() {
  if (--to_come == 0) later = loop.after(std::chrono::milliseconds(0), [this] { finish(); });
}

void SubmissionCheck::State::finish() {
  report.time = since(started);
  attempts.clear();
  chains.clear();
  const Done done = std::move(jobs.front().done);
  jobs.pop_front();
  const SubmissionReport told = std::move(report);
  // Set before `done` is called, which may begin another.
  is_running = !jobs.empty();
  if (is_running) later = loop.after(std::chrono::milliseconds(0), [this] { start_next(); });
  done(told);
}

}  // namespace dauth::scanner
