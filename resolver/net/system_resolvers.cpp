#include "resolver/net/system_resolvers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace dauth::net {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kKeyword = "nameserver";

// What follows the keyword, to the next blank; empty for any other line. The keyword must start the line
// (resolv.conf(5)).
std::string_view nameserver_of(std::string_view line) {
  if (!line.starts_with(kKeyword)) return {};
  line.remove_prefix(kKeyword.size());
  const std::size_t begin = line.find_first_not_of(kBlanks);
  if (begin == 0 || begin == std::string_view::npos) return {};
  line.remove_prefix(begin);
  return line.substr(0, line.find_first_of(kBlanks));
}

}  // namespace

std::vector<SocketAddress> nameservers_in(std::string_view resolv_conf) {
  std::vector<SocketAddress> servers;
  while (!resolv_conf.empty()) {
    const std::size_t end = std::min(resolv_conf.find('\n'), resolv_conf.size());
    const std::string_view text = nameserver_of(resolv_conf.substr(0, end));
    resolv_conf.remove_prefix(std::min(end + 1, resolv_conf.size()));
    // The file knows no ports, so what parse would take for one is no address.
    if (text.empty() || text.front() == '[' || std::count(text.begin(), text.end(), ':') == 1) continue;
    const auto server = SocketAddress::parse(text);
    if (server && std::find(servers.begin(), servers.end(), *server) == servers.end())
      servers.push_back(*server);
  }
  if (servers.empty()) servers.push_back(SocketAddress::parse("127.0.0.1").value());
  return servers;
}

Result<std::vector<SocketAddress>, std::string> system_resolvers(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT) return nameservers_in("");
    return unexpected(fmt::format("{}: {}", path, std::strerror(errno)));
  }
  std::string text;
  std::array<char, 4096> piece;
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) return unexpected(fmt::format("{}: cannot be read", path));
  return nameservers_in(text);
}

}  // namespace dauth::net
