// A strict reader of Prometheus' text format (version 0.0.4), with what `promtool check metrics` complains of
// beside.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dauth::testing {

class MetricsText {
 public:
  explicit MetricsText(const std::string& text);
  // What is wrong, a line each: no HELP or TYPE before a sample, families torn apart, a sample twice, names,
  // label values and numbers that are none, counters not named *_total and others that are, no line feed at
  // the end.
  const std::vector<std::string>& errors() const { return errors_; }
  // By name and labels as they are written: "dauth_scan_state{state=\"ended\"}".
  std::optional<double> value(const std::string& sample) const;

 private:
  void read(const std::string& line);
  void complain(const std::string& what, const std::string& line) { errors_.push_back(what + ": " + line); }

  std::vector<std::string> errors_;
  std::map<std::string, std::string> types_;
  std::map<std::string, std::string> helps_;
  std::map<std::string, double> samples_;
  std::string family_;
};

}  // namespace dauth::testing
