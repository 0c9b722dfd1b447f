// SubmissionRun: the hosts of --submission, looked up and connected to, once for the whole command.
//
// Owns its questions and connections; borrows the loop and the resolver, which outlive it. Questions that are
// open at its end must have been forgotten by StubResolver::cancel_all().
#pragma once

#include <functional>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "resolver/net/event_loop.h"
#include "resolver/stub_resolver.h"
#include "scanner/cli/check/check_page.h"
#include "scanner/cli/check/check_query.h"
#include "scanner/postmaster/host_addresses.h"
#include "scanner/submission/submission_check.h"
#include "scanner/survey/resolver_inquiry.h"

#include <nlohmann/json_fwd.hpp>

namespace dauth::scanner::cli {

struct SubmissionHostFound {
  std::string name;  // or the address that was given
  HostAddresses host;
  std::optional<SubmissionReport> report;  // nothing where the host has no address to connect to
};

class SubmissionRun {
 public:
  // `on_done` is called once, from the loop, when all hosts are done; not where there are none.
  SubmissionRun(net::EventLoop& loop, std::pmr::memory_resource& pool, resolver::StubResolver& resolver,
                std::vector<SubmissionTarget> hosts, SubmissionSettings settings,
                std::function<void()> on_done);

  void start();
  bool done() const { return open_ == 0; }
  // In the order of the hosts given; whole once it is done.
  const std::vector<SubmissionHostFound>& found() const { return found_; }
  // The questions for the hosts' addresses.
  const Inquiry& inquiry() const { return inquiry_; }

 private:
  void connect();
  void count_one();

  std::function<void()> on_done_;
  std::vector<SubmissionTarget> hosts_;
  ResolverInquiry inquiry_;
  Probe<std::vector<HostAddresses>> addresses_;
  bool is_connecting_ = false;
  SubmissionCheck check_;
  std::vector<SubmissionHostFound> found_;
  std::size_t open_;
};

void add_to_page(CheckPage& page, const SubmissionHostFound& found);
nlohmann::ordered_json to_json(const SubmissionHostFound& found);

}  // namespace dauth::scanner::cli
