// What the pages say by themselves, in both languages.

const WORDS = {
  vi: {
    "log": "Nội dung trò chuyện",
    "write": "Mã hồ sơ hoặc câu hỏi",
    "send": "Gửi",
    "photo": "Gửi ảnh mã QR, mã vạch trên giấy hẹn",
    "photo.sent": "Ảnh",
    "photo.big": "Ảnh lớn hơn 10 MB, mời Ông/Bà chọn ảnh khác.",
    "close": "Đóng cửa sổ trò chuyện",
    "leave": "Kết thúc",
    "leave.hint": "Kết thúc và xóa nội dung khỏi máy này",
    "leave.sure": "Kết thúc trò chuyện và xóa nội dung khỏi máy này?",
    "language": "English",
    "menu": "Chọn nhanh",
    "ours": "Một Cửa",
    "yours": "Ông/Bà",
    "sending": "đang gửi",
    "stored": "đã nhận",
    "failed": "không gửi được",
    "typing": "Hệ thống đang trả lời",
    "connecting": "Đang kết nối…",
    "closed": "Mất kết nối, đang thử lại. Tin nhắn của Ông/Bà sẽ được gửi khi có mạng.",
    "denied": "Trình duyệt đang chặn cookie nên chưa trò chuyện được. Mời Ông/Bà cho phép cookie hoặc mở trang trong cửa sổ riêng.",
    "waiting": "Ông/Bà gửi hơi nhanh, tin nhắn sẽ được gửi sau ít giây.",
    "refused.long": "Tin nhắn dài quá 2.000 ký tự, chưa gửi được.",
    "refused.size": "Ảnh lớn quá, chưa gửi được.",
    "refused.kind": "Tệp này không phải là ảnh, chưa gửi được.",
    "refused.other": "Chưa gửi được tin nhắn này.",
    "location.off": "Không lấy được vị trí. Mời Ông/Bà nhập địa chỉ.",
    "kiosk.sure": "Ông/Bà còn ở đây không?",
    "kiosk.stay": "Tôi vẫn ở đây",
    "kiosk.seconds": "Màn hình sẽ tự xóa sau {seconds} giây",
    "kiosk.back": "Xóa một ký tự",
    "kiosk.keys": "Bàn phím",
    "kiosk.wait": "Mời Ông/Bà chờ một chút…",
    "kiosk.away": "Chưa kết nối được với hệ thống. Mời Ông/Bà chờ hoặc hỏi cán bộ tại quầy.",
    "kiosk.empty": "Chưa nhập mã",
    "kiosk.nocode": "Mã vừa quét không có mã hồ sơ. Mời Ông/Bà quét mã trên giấy hẹn hoặc nhập bằng tay.",
    "kiosk.camera": "Chưa dùng được máy ảnh. Mời Ông/Bà nhập mã bằng tay.",
    "kiosk.late": "Hệ thống trả lời chậm. Mời Ông/Bà thử lại hoặc hỏi cán bộ tại quầy.",
    "kiosk.thanks": "Cảm ơn Ông/Bà đã đánh giá.",
  },
  en: {
    "log": "Conversation",
    "write": "Dossier code or question",
    "send": "Send",
    "photo": "Send a photo of the QR or bar code on your receipt",
    "photo.sent": "Photo",
    "photo.big": "The photo is larger than 10 MB, please choose another one.",
    "close": "Close the chat",
    "leave": "End",
    "leave.hint": "End and remove the conversation from this device",
    "leave.sure": "End the conversation and remove it from this device?",
    "language": "Tiếng Việt",
    "menu": "Quick menu",
    "ours": "One-stop service",
    "yours": "You",
    "sending": "sending",
    "stored": "received",
    "failed": "not sent",
    "typing": "The service is answering",
    "connecting": "Connecting…",
    "closed": "Connection lost, trying again. Your messages will be sent when it is back.",
    "denied": "Your browser blocks cookies, so the chat cannot start. Please allow them or open the chat in a window of its own.",
    "waiting": "That was a little fast, your message will be sent in a few seconds.",
    "refused.long": "The message is longer than 2,000 characters and was not sent.",
    "refused.size": "The photo is too large and was not sent.",
    "refused.kind": "This file is not a picture and was not sent.",
    "refused.other": "This message could not be sent.",
    "location.off": "Your position could not be found. Please type the address.",
    "kiosk.sure": "Are you still here?",
    "kiosk.stay": "I am still here",
    "kiosk.seconds": "The screen will be cleared in {seconds} seconds",
    "kiosk.back": "Delete one character",
    "kiosk.keys": "Keypad",
    "kiosk.wait": "One moment please…",
    "kiosk.away": "The service cannot be reached. Please wait or ask an officer at the counter.",
    "kiosk.empty": "No code yet",
    "kiosk.nocode": "There is no dossier code in what was scanned. Scan the code on your receipt or type it.",
    "kiosk.camera": "The camera cannot be used. Please type the code.",
    "kiosk.late": "The service answers slowly. Please try again or ask an officer at the counter.",
    "kiosk.thanks": "Thank you for your rating.",
  },
};

/** The word in this language; an unknown key is told by itself. */
export function word(language, key) {
  return WORDS[language]?.[key] ?? WORDS.vi[key] ?? key;
}

/** Elements with data-word, data-word-label or data-word-placeholder get their words; data-vi and data-en bring their own. */
export function speak(root, language) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(language, element.dataset.word);
  for (const element of root.querySelectorAll("[data-vi]")) element.textContent = element.dataset[language];
  for (const element of root.querySelectorAll("[data-word-label]")) {
    element.setAttribute("aria-label", word(language, element.dataset.wordLabel));
    if (element.matches("button, label")) element.title = word(language, element.dataset.wordLabel);
  }
  for (const element of root.querySelectorAll("[data-word-placeholder]")) {
    element.placeholder = word(language, element.dataset.wordPlaceholder);
  }
}
