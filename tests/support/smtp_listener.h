// SmtpListener: a mail server on this machine that says what a test wants, over real sockets and real TLS.
//
// Owns a listening socket and a thread, which serves one connection after the other until the object goes. It
// reads commands line by line and answers EHLO, STARTTLS and QUIT out of its script; anything else gets 500.
// Throws std::system_error where there is no socket, std::runtime_error where OpenSSL makes no certificate.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dauth::testing {

struct SmtpScript {
  enum class Manner : std::uint8_t {
    kServes,
    kSaysNothing,   // keeps the connection open until the peer closes it
    kClosesAtOnce,  // in order
    kResetsAtOnce,  // RST
    kDripsForEver,  // the greeting an octet at a time, then more of it without end
    kReadsNothing,  // greets and then neither reads nor answers
  };
  Manner manner = Manner::kServes;
  bool tls_from_start = false;
  bool octet_by_octet = false;  // each octet in a write of its own
  int newest_tls = 0;           // a protocol version of OpenSSL; 0: whatever is newest
  std::string greeting = "220 mail.test.example ESMTP\r\n";
  std::string ehlo = "250-mail.test.example\r\n250-SIZE 1000000\r\n250-STARTTLS\r\n250 8BITMIME\r\n";
  std::string ehlo_behind_tls = "250-mail.test.example\r\n250 AUTH PLAIN LOGIN\r\n";
  std::string starttls = "220 go ahead\r\n";
  std::string quit = "221 bye\r\n";
};

class SmtpListener {
 public:
  // At a free port of `address`, or at `port`.
  explicit SmtpListener(SmtpScript script, const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~SmtpListener();
  SmtpListener(const SmtpListener&) = delete;
  SmtpListener& operator=(const SmtpListener&) = delete;

  std::uint16_t port() const { return port_; }
  // Connections so far, and the lines that came over them, without their ends.
  int connections() const;
  std::vector<std::string> commands() const;
  // The name that the last TLS handshake asked for; empty where it had none.
  std::string server_name() const;

 private:
  struct Tls;
  struct Stream;
  void run();
  void serve(int connection);
  bool say(Stream& stream, const std::string& text) const;
  bool is_stopped(std::chrono::milliseconds wait) const;

  SmtpScript script_;
  std::uint16_t port_ = 0;
  int listening_ = -1;
  int stopping_ = -1;  // an eventfd
  std::unique_ptr<Tls> tls_;
  mutable std::mutex mutex_;
  int connections_ = 0;                // guarded by mutex_
  std::vector<std::string> commands_;  // guarded by mutex_
  std::string server_name_;            // guarded by mutex_
  std::thread thread_;
};

}  // namespace dauth::testing
