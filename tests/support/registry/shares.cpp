#include "tests/support/registry/shares.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace dauth::testing {

std::vector<Share> read_shares(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<Share> shares;
  std::string line;
  bool header_seen = false;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t comma = line.find(',');
    const auto refuse = [&](const char* reason) {
      throw std::runtime_error(fmt::format("{}:{}: {}", file.string(), number, reason));
    };
    if (comma == std::string::npos || comma == 0) refuse("not name,weight");
    if (!header_seen) {
      header_seen = true;
      continue;
    }
    const std::string number_text = line.substr(comma + 1);
    std::size_t used = 0;
    double weight = -1;
    try {
      weight = std::stod(number_text, &used);
    } catch (const std::logic_error&) {
      refuse("the weight is no number");
    }
    if (used != number_text.size() || !std::isfinite(weight) || weight < 0) refuse("the weight is no number");
    shares.push_back({line.substr(0, comma), weight});
  }
  if (shares.empty()) throw std::runtime_error(file.string() + ": no rows");
  return shares;
}

std::vector<Quota> divide(const std::vector<Share>& shares, std::size_t total, std::size_t least) {
  if (total < shares.size() * least) {
    throw std::runtime_error(
        fmt::format("{} names are too few for {} shares of at least {}", total, shares.size(), least));
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0,
                                     [](double so_far, const Share& share) { return so_far + share.weight; });
  std::vector<Quota> quotas;
  std::size_t given = 0;
  for (const Share& share : shares) {
    const double exact = sum > 0 ? static_cast<double>(total) * share.weight / sum : 0;
    const std::size_t count = std::max(least, static_cast<std::size_t>(std::floor(exact)));
    quotas.push_back({share.name, count});
    given += count;
  }
  // What rounding and the minimum left over or took too much settles the largest share, then the next.
  while (given != total) {
    Quota& largest = *std::max_element(quotas.begin(), quotas.end(),
                                       [](const Quota& a, const Quota& b) { return a.count < b.count; });
    const std::size_t wanted = largest.count + total;
    const std::size_t settled = std::max(least, wanted > given ? wanted - given : 0);
    given = given - largest.count + settled;
    largest.count = settled;
  }
  return quotas;
}

}  // namespace dauth::testing
