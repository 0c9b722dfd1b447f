#include "scanner/cli/check/submission_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "scanner/cli/check/host_facts.h"
#include "scanner/cli/check/submission_section.h"

namespace dauth::scanner::cli {
namespace {

std::string text_of(const SubmissionTarget& host) {
  const auto* address = std::get_if<IpAddress>(&host);
  return address != nullptr ? address->to_text() : std::get<dns::DomainName>(host).to_text();
}

// What an address that is given says of its host.
HostAddresses host_at(const IpAddress& address) {
  HostAddresses host;
  host.has_ipv4 = Fact::from_bool(address.family() == IpFamily::kIpv4);
  host.has_ipv6 = Fact::from_bool(address.family() == IpFamily::kIpv6);
  host.addresses = {address};
  host.is_alias = Fact::no();
  return host;
}

Probe<HostAddresses> addresses_of(Inquiry& inquiry, SubmissionTarget target) {
  if (const auto* address = std::get_if<IpAddress>(&target)) co_return host_at(*address);
  Probe<HostAddresses> asked = look_up_addresses(inquiry, std::get<dns::DomainName>(std::move(target)));
  asked.start();
  HostAddresses found = co_await asked;
  co_return found;
}

Probe<std::vector<HostAddresses>> look_up_all(Inquiry& inquiry, const std::vector<SubmissionTarget>& hosts) {
  std::vector<Probe<HostAddresses>> probes;
  for (const SubmissionTarget& host : hosts) {
    probes.push_back(addresses_of(inquiry, host));
    probes.back().start();
  }
  std::vector<HostAddresses> addresses;
  for (Probe<HostAddresses>& probe : probes) addresses.push_back(co_await probe);
  co_return addresses;
}

}  // namespace

SubmissionRun::SubmissionRun(net::EventLoop& loop, std::pmr::memory_resource& pool,
                             resolver::StubResolver& resolver, std::vector<SubmissionTarget> hosts,
                             SubmissionSettings settings, std::function<void()> on_done)
    : on_done_(std::move(on_done)),
      hosts_(std::move(hosts)),
      inquiry_(pool, resolver,
               [this] {
                 if (!is_connecting_ && addresses_.done()) connect();
               }),
      addresses_(look_up_all(inquiry_, hosts_)),
      check_(loop, std::move(settings)),
      open_(hosts_.size()) {}

void SubmissionRun::start() {
  if (hosts_.empty()) return;
  addresses_.start();
  // Addresses alone ask nothing.
  if (!is_connecting_ && addresses_.done()) connect();
}

void SubmissionRun::connect() {
  is_connecting_ = true;
  for (HostAddresses& host : addresses_.take()) {
    found_.push_back({text_of(hosts_[found_.size()]), std::move(host), {}});
  }
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const HostAddresses& host = found_[i].host;
    if (host.addresses.empty()) {
      count_one();
      continue;
    }
    check_.begin({found_[i].name, host.addresses}, [this, i](const SubmissionReport& report) {
      found_[i].report = report;
      count_one();
    });
  }
}

void SubmissionRun::count_one() {
  if (--open_ == 0) on_done_();
}

void add_to_page(CheckPage& page, const SubmissionHostFound& found) {
  if (found.report) {
    add_to_page(page, *found.report);
    return;
  }
  page.heading(fmt::format("Submission ports of {}", found.name));
  const Fact has_address = found.host.has_address();
  if (has_address.is_unknown()) {
    page.remark(fmt::format("its addresses could not be looked up ({}), so nothing was connected to",
                            data::to_text(has_address.cause)),
                Mark::kWarning);
  } else {
    page.remark("the host has no address, so no mail client can connect to it", Mark::kBad);
  }
}

nlohmann::ordered_json to_json(const SubmissionHostFound& found) {
  nlohmann::ordered_json json = {{"host", cli::to_json(found.host)}};
  json["host"]["host"] = found.name;
  if (found.report) json["report"] = to_json(*found.report);
  return json;
}

}  // namespace dauth::scanner::cli
