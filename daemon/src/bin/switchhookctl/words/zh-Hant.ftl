# switchhookctl 所說的話，正體中文（臺灣用語）。每則訊息在 en.ftl 與 zh-Hans.ftl 都有同名、變數相同的一則。
# 指令照原樣放在反引號裡。用詞：line 線路、call 通話、caller 來電者、scenario 劇本、configuration 設定、job 工作、message 留言。

## 通用

ready = 就緒
not-ready = 未就緒
yes = 是
no = 否
comma = 、
quoted = 「{ $words }」
note = 注意：{ $note }
written = 已寫入：{ $files }
nothing-written = 沒有寫入任何東西
no-words = （沒有說話）
see-above = 詳見上方
not-there = { $path } 不存在
cannot-read = 無法讀取 { $path }
cannot-write = 無法寫入 { $path }
cannot-make = 無法建立 { $path }
cannot-make-durable = 無法確保 { $path } 已存入磁碟
cannot-run = 無法執行 { $program }：安裝了嗎？
needs-a-terminal = 這需要在終端機上執行
generate-cannot-make = 無法建立 { $path }
generate-cannot-write = 無法把說明頁寫入 { $path }

## 表格標題

column-about = 事由
column-activated = 啟用時間
column-at = 時間
column-badly = 問題
column-begun = 開始時間
column-call = 通話
column-callback = 回電號碼
column-callers-said = 來電者說的話
column-disk = 磁碟
column-done = 進度
column-from = 來自
column-goal = 目標
column-job = 工作
column-kind = 種類
column-language = 語言
column-languages = 語言
column-licence = 授權
column-line = 線路
column-mark = 評分
column-memory = 記憶體
column-message = 留言
column-model = 模型
column-nearest = 最接近的段落
column-number = 編號
column-outcome = 結束方式
column-part = 類別
column-promised = 承諾時間
column-recipient = 給
column-role = 用途
column-scenario = 劇本
column-started = 開始時間
column-state = 狀態
column-status = 狀態
column-summary = 摘要
column-times = 次數
column-touched = 已涵蓋
column-turns = 輪次
column-untouched = 未涵蓋
column-user = 使用者
column-version = 版本
column-what = 內容

## 機器的用語（英文就是程式所用的字）

state-ringing = 響鈴中
state-disclosing = 表明身分中
state-speaking = 說話中
state-listening = 聆聽中
state-thinking = 思考中
state-transferring = 轉接中
state-bridged = 真人接聽中
state-ended = 已結束
outcome-goodbye = 互道再見
outcome-message-taken = 已留言
outcome-silence = 來電者不再出聲
outcome-opted-out = 要求不再致電
outcome-abuse = 來電者辱罵
outcome-gave-up = 無法聆聽
outcome-transferred = 已轉接
outcome-caller-hung-up = 來電者掛斷
outcome-hung-up = 線路掛斷
outcome-hung-up-by-admin = 管理員掛斷
outcome-too-long = 超過時限
outcome-shutdown = 機器人停止
outcome-unanswered = 未接聽
outcome-busy = 忙線
outcome-declined = 拒接
outcome-unreachable = 無法接通
outcome-media-lost = 聲音中斷
outcome-fault = 故障
outcome-over = 已結束
direction-taken = 來電
direction-placed = 撥出
call-property-disclosed = 已表明身分：
call-property-scenario = 劇本：
call-property-turns = 輪次：
line-status-starting = 啟動中
line-status-ready = 就緒
line-status-draining = 停止接聽
line-status-down = 不通
line-kind-sip = SIP
line-kind-handset = 話筒
rung-full = 完整
rung-no-llm = 無語言模型
rung-no-speech = 無語音
job-state-running = 進行中
job-state-done = 完成
job-state-failed = 失敗
job-state-cancelled = 已取消
job-kind-reload-configuration = 重新讀取設定
job-kind-reload-scenario = 重新讀取劇本
job-kind-configuration = 設定
job-kind-fetch-model = 下載模型
job-kind-export-records = 匯出通話紀錄
job-kind-records = 通話紀錄
job-kind-test-scenario = 測試劇本
role-recognizer = 語音辨識
role-vad = 語音偵測
role-turn = 發言結束判斷
role-recognition = 語音辨識
role-voice = 語音合成
role-language-model = 語言模型
role-voice-activity = 語音偵測
role-end-of-turn = 發言結束判斷
role-pronunciation = 發音
role-embedding = 語意向量
model-state-absent = 未安裝
model-state-installed = 已安裝
model-state-damaged = 損壞
goal-cut-off = 通話中斷
goal-nobody-there = 無人接聽
goal-left-halfway = 中途離開
goal-other-result = 其他結果
goal-not-understood = 沒聽懂
goal-silence = 來電者不再出聲
goal-nothing-wanted = 沒有需求
tag-dead-air = 冷場
tag-repeated-question = 重複提問
tag-frustrated = 來電者不耐煩
tag-misheard = 聽錯
tag-long-wait = 久候
part-knowledge = 知識
part-flows = 流程
part-steps = 步驟
part-rules = 通則
part-intents = 意圖
part-keys = 按鍵
examined-configuration = 設定
examined-scenario = 劇本
examined-people = 人員
examined-model = 模型
examined-secret = 機密
examined-disk = 磁碟
examined-memory = 記憶體
examined-heat = 溫度
examined-bus = 匯流排
examined-service = 服務
examined-clock = 時鐘
examined-lines = 線路
examined-line = 線路
examined-robot = 機器人
examined-version = 版本
examined-ladder = 服務等級
examined-broker = 訊息代理
examined-certificate = 憑證

## 匯流排上的機器人

bus-system = 系統
bus-session = 工作階段
bus-given = 指定的
no-bus = 無法連上{ $bus }匯流排；dbus 在執行嗎？可用 --bus 指定另一個
bus-went-away = 匯流排連線中斷
no-answer = switchhookd 沒有回應
not-running = switchhookd 未在{ $bus }匯流排上執行；請用 `systemctl start switchhook` 啟動，若無法持續執行，請查看 `journalctl -u switchhook`
robot-left = switchhookd 已離開匯流排；請用 `systemctl status switchhook` 查看狀態
not-there-any-more = 它已經不在了
other-form = 機器人回應的格式與本程式所知的不同；兩者是同一版本嗎？
no-such-call = 沒有（或已不再有）通話 { $id }；請用 `switchhookctl calls` 查看有哪些通話
several-calls = 有 { $calls } 通電話符合 { $id }；請多輸入幾個字元

# 機器人為何拒絕：標題依錯誤名稱，後面是機器人自己的話（英文）。
refused-access = 沒有權限：{ $text }
refused-otherwise = switchhookd 拒絕：{ $text }（{ $name }）
refused-busy = 忙碌中：{ $text }
refused-with-a-person = 已由真人接聽：{ $text }
refused-cannot-place = 線路不能撥出：{ $text }
refused-not-permitted = 不允許撥打：{ $text }
refused-unreachable = 無法接通：{ $text }
refused-call-over = 通話已結束：{ $text }
refused-closing = 機器人正在關閉：{ $text }
refused-crowded = 太多人正在監看通話：{ $text }
refused-job-over = 工作已結束：{ $text }
refused-line-down = 線路不通：{ $text }
refused-line-gone = 線路未在運作：{ $text }
refused-no-record = 無法讀取紀錄：{ $text }
refused-not-a-handset = 這條線路沒有話筒：{ $text }
refused-not-allowed = 沒有權限：{ $text }
refused-unknown-person = 設定裡沒有這個人：{ $text }
refused-unknown-task = 沒有這個待辦事項：{ $text }
refused-wrong-time = 時間寫法有誤：{ $text }
refused-wrong-levels = 日誌等級有誤：{ $text }

## status, lines

status-device = { $device } { $ready }，服務等級：{ $rung }，switchhook { $version }，自 { $since } 起執行
status-models = 模型：{ $models }
status-calls = 通話：{ $on }／{ $at_once }；使用第 { $generation } 代設定
status-calls-of-two-generations = 通話：{ $on }／{ $at_once }；使用第 { $generation } 代設定，其中 { $earlier } 通仍用較早的設定
no-lines = 沒有線路；請在 switchhook.toml 加上 [[line]] 表格
no-such-line = 沒有線路 { $id }；設定裡有：{ $lines }
line-is = { $id } { $status }：{ $reason }

## calls, call

no-calls = 沒有通話
caller-withheld = 未顯示的號碼
caller-named = { $number }（{ $name }）
call-show-call = 通話
call-show-from = 來電者
call-show-to = 致電對象
call-show-line = 線路
call-show-state = 狀態
call-show-scenario = 劇本
call-show-started = 開始時間
call-show-turns = 輪次
call-show-disclosed = 來電者已知道是機器人在說話
call-show-not-disclosed = 來電者還不知道是機器人在說話
watch-waiting = 等待來電；按 Ctrl-C 結束
watch-without-words = 不看對話內容也可以監看通話：`switchhookctl call watch --no-words`
watch-began = { $state }，線路 { $line }
watch-began-from = { $state }，來自 { $caller }，線路 { $line }
watch-began-to = { $state }，致電 { $caller }，線路 { $line }
watch-ended = { $ended }，歷時 { $seconds } 秒：{ $outcome }
listen-began = 正在聆聽 { $call }；按 Ctrl-C 結束
listen-no-pipe = 機器人交來的不是管道
listen-no-call = 目前沒有可聆聽的通話；`switchhookctl call watch` 會顯示來電
listen-which = 目前有 { $calls } 通通話；請依 `switchhookctl calls` 所列指定一通
listen-over = 通話已結束，聆聽了 { $seconds } 秒
listen-with-a-person = 通話已由真人接聽，不再聆聽；聆聽了 { $seconds } 秒
listen-left = 已停止聆聽，聆聽了 { $seconds } 秒
listen-terminal = 聲音不能輸出到終端機；請重新導向，或指定檔案
listen-card-stopped = 音效卡停止了
listen-unfinished = 檔案無法完成
place-no-call = switchhookd 所指的並不是通話：{ $path }
place-rings = { $call } 響鈴中；`switchhookctl call watch { $call }` 會顯示後續
place-over-at-once = 通話立刻就結束了；原因見 `journalctl -u switchhook`
place-no-line = 沒有可撥出的線路；需要 kind 為 "sip" 的 [[line]]
place-which-line = 有好幾條線路可撥出；請用 --line 指定一條：{ $lines }
place-busy = 對方忙線中（busy）
place-declined = 對方不接這通電話（declined）
place-unanswered = 半分鐘內無人接聽（unanswered）
place-unreachable = 沒有這個號碼，或無法接通：請檢查號碼，以及閘道是否允許撥打（unreachable）
place-failed = 線路故障（{ $fault }）；詳情見 `journalctl -u switchhook`
watch-turn = 第 { $number } 輪：{ $heard } → { $understood } → { $action }：{ $said }

## monitor

monitor-rung = 服務等級
monitor-calls = 通話 { $on }／{ $at_once }
monitor-load = 負載 { $load }
monitor-memory = 可用記憶體 { $megabytes } MB
monitor-keys = ↑↓ 換一通   h 掛斷   q 離開
monitor-end-call = 要禮貌地結束通話 { $call } 嗎？y 是，n 否
monitor-lines = 線路
monitor-calls-title = 通話
monitor-from = 來自
monitor-state = 狀態
monitor-turns = 輪次
monitor-line = 線路
monitor-words = 對話
monitor-caller = 來電者
monitor-robot = 機器人
monitor-nobody = 目前沒有通話
monitor-nothing-said = 還沒有人說話
monitor-hidden = 對話內容已隱藏：{ $why }
monitor-last-answer = 最近一次回答
monitor-last-answer-took = 最近一次回答：{ $milliseconds } 毫秒
latency-endpoint = 判斷說完
latency-words = 辨識
latency-decision = 決定
latency-first-sound = 開始出聲

## models, model, jobs, job

any-language = 不限
model-in-use = 使用中
model-damaged = { $model }：{ $damage }；請用 `switchhookctl model fetch { $model }` 修復
no-such-model = 型錄裡沒有模型 { $name }；請用 `switchhookctl models` 查看有哪些模型
model-was-installed = { $name } 先前已安裝
models-installed = 已安裝：{ $names }；機器人從下一次 `switchhookctl config reload` 起使用設定所指定的模型
no-jobs = 沒有工作
job-began = 工作 { $number } 已開始；可用 `switchhookctl job wait { $number }` 等它完成
job-was-cancelled = 工作 { $number } 已取消
job-left-with-the-robot = switchhookd 已離開匯流排，工作也隨之中止；請用 `systemctl status switchhook` 查看狀態

## messages, reports

no-messages = 沒有留言
message-done = 已處理
message-confirmed = 已確認
message-as-heard = 未確認
no-reports = 沒有通話報告

## config

configuration-sound = 設定正確
configuration-sound-in = 設定正確：{ $files }
configuration-unsound = 設定有誤：{ $problem }
reloaded = 此後的通話使用第 { $generation } 代設定；變更項目：{ $changed }
reloaded-without-change = 此後的通話使用第 { $generation } 代設定；沒有任何變更

## export

export-no-pipe = 機器人交來的不是管線
export-nothing = 紀錄裡沒有符合的通話；沒有寫入任何檔案
export-stopped = 已停止；沒有寫入任何檔案
export-written = { $path } 裡是 { $calls } 通通話的全部紀錄。這是個人資料：請交給應得的人，之後刪除

## support-bundle

bundle-is-there = { $path } 已經存在；請換一個檔名
bundle-written = 全部資料都在 { $path }（{ $kilobytes } kB）。電話號碼與設定中的姓名都已遮蔽；寄出前請先看過一遍


## doctor

verdict-good = 良好
verdict-unknown = 不明
verdict-doubtful = 留意
verdict-wrong = 異常
doctor-wrong = 有 { $things } 項異常
doctor-as-root = 請以 root 身分執行
doctor-configuration = { $path } 正確
doctor-configuration-remedy = 請修正；可用 `switchhookctl config check` 再檢查一次
doctor-scenario = { $name }，版本 { $version }
doctor-scenario-remedy = 請修正；可用 `switchhookctl scenario check` 再檢查一次
doctor-people-remedy = 請參閱 switchhook.toml(5)
doctor-model-absent = { $path } 裡沒有 { $name }
doctor-model-damaged = { $name } 已損壞：{ $what }
doctor-secret-absent = { $path } 不存在
doctor-secret-absent-remedy = 請寫入這個檔案（權限 600），並讓 systemd 知道：在 `systemctl edit switchhook` 裡加上 LoadCredential={ $name }:{ $path }
doctor-secret-closed = { $name }，只有擁有者能讀取
doctor-secret-empty = { $path } 是空的
doctor-secret-empty-remedy = 請把機密寫進去
doctor-secret-error-remedy = 請以 root 身分查看
doctor-secret-hidden = 沒有權限查看 { $path }
doctor-secret-open = { $path } 可被擁有者以外的人讀取
doctor-disk-absent = { $path } 還不存在
doctor-disk-absent-remedy = 請啟動機器人，它會自行建立
doctor-disk-free = { $path } 還有 { $megabytes } MB 可用
doctor-disk-full-remedy = 請騰出空間：磁碟滿了就會遺失通話紀錄
doctor-disk-filling-remedy = 請在磁碟滿之前騰出空間
doctor-memory-unknown = 核心沒有提供可用的記憶體大小
doctor-memory-available = 可用 { $megabytes } MB
doctor-memory-remedy = 請改用較小的模型組合（`switchhook-models profiles`），或停止這裡執行的其他程式
doctor-heat-unknown = 這台機器沒有提供溫度
doctor-heat-unknown-remedy = 在 Raspberry Pi 上可用 vcgencmd measure_temp
doctor-hot-remedy = 請在夏天之前檢查風扇與外殼
doctor-too-hot-remedy = 請降溫：主機板會降速，來電者就得等；請檢查風扇與外殼
doctor-service-unknown = 這個匯流排上沒有 systemd
doctor-service-runs = 執行中
doctor-service-is = 目前是 { $state }
doctor-service-restarted = 執行中，曾重新啟動 { $times } 次
doctor-service-restarted-remedy = 用 journalctl -x -u switchhook -p warning 查看失敗原因
doctor-clock-set = 由網路校時
doctor-clock-unset = 沒有校時
doctor-clock-unset-remedy = timedatectl set-ntp true：營業時間與紀錄都以時鐘為準
doctor-clock-unknown = 這裡無法得知是否已校時
doctor-version-other = 機器人執行的是 { $runs }，安裝的是 { $installed }
doctor-robot-answers = 會接聽來電
doctor-robot-silent = 現在來電不會有人接聽
doctor-robot-silent-remedy = 請看下面的線路
doctor-ladder = 通話一開始的服務等級是「{ $rung }」
doctor-ladder-remedy = 用 journalctl -x -u switchhook -p warning 查看缺少什麼
doctor-line-ready = { $id } 就緒，位址 { $address }
doctor-broker-answers = { $broker } 有回應
doctor-broker-silent = { $broker } 沒有回應
doctor-broker-remedy = 請檢查 switchhook.toml 的 [mqtt]、網路，以及訊息代理
doctor-certificate-trusted = { $broker } 可信任，直到 { $until }
doctor-certificate-ends = { $broker } 可信任到 { $until }，還有 { $days } 天
doctor-certificate-ends-remedy = 請更新訊息代理的憑證
doctor-certificate-authority-ends-remedy = 請更新為訊息代理擔保的憑證機構，以及它簽發的憑證；再把新的憑證機構放進 `mqtt.ca`
doctor-certificate-over = { $broker } 已不再可信任：憑證已於 { $until } 到期
doctor-certificate-not-yet = { $broker } 還不可信任：憑證自 { $from } 起有效，而這裡的今天是 { $today }
doctor-certificate-not-yet-remedy = timedatectl：請確認時鐘是否正確
doctor-certificate-other-name = { $broker } 不可信任：憑證屬於 { $names }
doctor-certificate-other-name-remedy = 如果是同一個訊息代理，請把其中一個名稱寫進 `mqtt.host`；否則請為設定的名稱申請憑證
doctor-certificate-untrusted = { $broker } 不可信任：機器人信任的憑證機構都沒有為它的憑證擔保
doctor-certificate-untrusted-remedy = 請以 `mqtt.ca` 指定貴單位自己的憑證機構檔案，或查看是誰在那裡回應
doctor-certificate-untrusted-by-ours-remedy = 請把簽發訊息代理憑證的機構放進 { $path }，或查看是誰在那裡回應
doctor-certificate-refused = { $broker } 不可信任：{ $reason }
doctor-certificate-no-tls = { $broker } 不使用 TLS：{ $reason }
doctor-certificate-no-tls-remedy = 請檢查 `mqtt.port`（使用 TLS 時通常是 8883）、`mqtt.tls`，以及訊息代理
doctor-certificate-closed = { $path } 並非人人可讀，機器人可能也讀不到；憑證不是機密

## setup

setup-begin = 按 Enter 採用方括號裡的答案。您同意之前不會寫入任何東西。
setup-ask-language = 來電者說什麼語言（en、zh-TW、zh-CN）？
setup-ask-other-languages = 來電者還可以要求改用哪些語言（none，或以逗號分隔的語言標籤）？
setup-ask-office = 機器人怎麼稱呼貴單位？
setup-ask-scenario = 機器人要做什麼？也可以填資料夾：
setup-ask-scenario-among = 機器人要做什麼（{ $scenarios }）？也可以填資料夾：
setup-ask-profile = 要用哪一組模型（tiny：1 GB 記憶體，standard：4 GB，large）？
setup-ask-line = 線路是哪一種：register（閘道或電話交換機上的帳號）、peer（沒有帳號的 SIP）、handset（USB 話筒），還是 keep（維持現狀）？
setup-ask-registrar = 向哪裡註冊（sip:主機）？
setup-ask-user = 用哪個帳號？
setup-ask-password = 密碼是什麼？輸入時不會顯示，並且存放在只有 root 能讀取的地方：
setup-ask-peers = 誰可以來電（以逗號分隔的位址或網段；all：連得上的都可以）？
setup-ask-device = 用哪個音訊裝置？
setup-ask-device-among = 用哪個音訊裝置（{ $devices }）？
setup-ask-person = 電話轉給誰？機器人會這樣稱呼對方：
setup-ask-address = 轉到哪裡（sip:100@pbx.office；none：請來電者留言）？
setup-ask-replace = { $file } 的內容不同，要取代嗎？
setup-ask-write = 要寫入 { $file } 嗎？
setup-ask-fetch = 要下載所需的模型嗎？
setup-ask-start = 要啟動機器人嗎？如果它正在執行，進行中的通話可能會先結束。
setup-ask-test-call = 要等一通測試來電，並顯示過程嗎？
setup-yes-or-no = { $question }（{ $yes }、{ $no }）
setup-say-yes-or-no = 請回答「是」或「否」（也可以用 yes、no）。
setup-say-something = 這一題必須回答。
setup-wrong = { $why }
setup-wrong-line = 請填 register、peer、handset 或 keep
setup-wrong-nothing = 請填寫內容
setup-missing = 這一項無從推測：{ $key }：{ $why }
setup-nobody-answers = 沒有人繼續回答了；還沒寫入的就不寫入
setup-answers-too-large = { $path } 超過 { $kilobytes } kB
setup-answers-wrong = { $path }：{ $wrong }
setup-says-otherwise = { $path } 的內容不同；可用 --replace 取代
setup-no-json = 對人是用文字提問的；使用 --json 時請加上 --answers
setup-nothing-to-write = 沒有需要寫入的東西
setup-models-need = 模型組合 { $profile } 需要 { $disk } MB 磁碟空間，以及最多 { $memory } MB 記憶體
setup-models-need-unmeasured = 模型組合 { $profile } 需要 { $disk } MB 磁碟空間；所需記憶體尚未量測
setup-board-has = ；本機有 { $megabytes } MB
setup-how-to-start = 可用 `systemctl enable --now switchhook` 啟動
setup-not-fetched = 無法下載模型；已經下載的會保留，`switchhook-models fetch` 會接著下載
setup-not-started = 無法啟動機器人；`journalctl -x -u switchhook` 會說明原因
setup-lift = 請拿起話筒：`switchhookctl line off-hook { $line }`
setup-dial = 請撥打 { $address }，或閘道對應到該帳號的號碼
setup-line-is = 線路 { $id } { $status }：{ $reason }
terminal-unknown = 無法得知終端機的狀態
terminal-shows-what-is-typed = 無法讓終端機隱藏輸入的內容

## scenario

scenario-is-there = { $dir } 已經存在；請換一個名稱
scenario-begun = 已在 { $dir } 建立劇本 { $name }。接下來：switchhookctl scenario test { $dir }，或 scenario chat { $dir }
scenario-sound = { $name } 的 { $language } 正確：{ $passages } 個段落，版本 { $version }
scenario-ok = 通過
scenario-wrong = 不符
scenario-failed = { $played } 段對話中有 { $failed } 段與所寫的不符
scenario-passed = { $played } 段對話都與所寫的相符
scenario-no-conversations = { $dir } 沒有對話；請在 tests/*.yaml 寫一些
scenario-no-languages = { $dir } 沒有任何語言
scenario-not-in-language = { $dir } 沒有 { $language } 的內容
scenario-no-daemon = 無法執行 `{ $program }`；它屬於套件 switchhook
scenario-touched = { $touched }／{ $all }
scenario-times = { $name }（{ $times } 次）
scenario-same = 兩者相同
scenario-goes-right = 現在相符
scenario-goes-wrong = 現在不符
scenario-untried = { $dir } 的 tests/ 裡沒有對話；請寫一些，或加上 --untested
scenario-tried-in-vain = { $played } 段對話中有 { $failed } 段與所寫的不符；請看 `switchhookctl scenario test { $dir }`，或加上 --untested
scenario-without-name = { $dir } 沒有可作為劇本名稱的名字；請啟用有名稱的資料夾
scenario-now-followed = { $name } 現在是版本 { $version }：此後的通話都依此進行
scenario-now-begun = { $name } 現在是版本 { $version }：機器人正在讀取；可用 `switchhookctl job wait { $number }` 等它完成
scenario-now-beside = { $name } 現在是版本 { $version }：但機器人用的是 `{ $other }`；請在 switchhook.toml 的 [calls] 下寫 scenario = { $link }，再讓機器人重新讀取設定
scenario-now-untold = { $name } 現在是版本 { $version }：沒能通知機器人（{ $why }）；若 [calls] 的 scenario 是 { $link }，它下次啟動時就會採用
scenario-nothing-activated = 還沒有啟用任何劇本；請用 `switchhookctl scenario activate DIR`
scenario-never-activated = { $name } 從未啟用
scenario-never-activated-diff = { $name } 從未啟用；請指定兩個資料夾
scenario-no-other-version = { $name } 沒有其他版本；請用 `switchhookctl scenario list` 查看有哪些版本
scenario-active = 使用中
scenario-show-active = { $name } { $version }，使用中
scenario-show-language = { $language }：{ $passages } 個段落，{ $flows } 個流程
shelf-no-file = { $path } 不是檔案；版本裡只能有檔案，請把它所指的內容複製過去
shelf-too-large = { $dir } 作為劇本太大了：最多 { $files } 個檔案、64 MiB
shelf-other-folder = { $path } 是不在這裡啟用的資料夾；請移到別處，再從那裡啟用
shelf-no-version = { $name } 沒有版本 { $begins }；請用 `switchhookctl scenario list` 查看有哪些版本
shelf-several-versions = { $name } 有好幾個以 { $begins } 開頭的版本；請多寫幾個字元
shelf-changed = { $path } 啟用後被改過；請刪除它，再啟用一次
shelf-cannot-make = 無法建立 { $path }；請以 root 身分執行
shelf-cannot-write-to = 無法寫入 { $path }
shelf-cannot-name = 無法把 { $path } 改名為 { $name }
shelf-cannot-switch = 無法切換 { $path }
shelf-cannot-delete = 無法刪除 { $path }
chat-begin = 請輸入來電者說的話；/0 表示按鍵，空白行表示沉默，輸入結束就是掛斷。
chat-keys = / 後面要接電話按鍵：0-9、* 和 #
chat-robot = 機器人：{ $said }
chat-does-from = ({ $understood }: { $does }，出自 { $source })
chat-kept = （已記下，未確認：給{ $recipient }：{ $text }）
improve-nothing = 沒有：來電者說的話，這個劇本都能理解
improve-more = ……還有 { $more } 句
improve-wanted = { $number }／{ $of }：{ $times } 次，{ $language }
improve-answered-by = 由 { $passage } 回答
improve-key-new = 寫一個新段落來回答
improve-key-skip = 略過
improve-key-quit = 到此為止
improve-ask-what = 要怎麼處理？
improve-ask-how = 來電者會怎麼問？
improve-ask-title = 簡單說，這是關於什麼？
improve-ask-answer = 機器人該怎麼回答？
improve-type-a-key = 請輸入左邊的其中一個字元。
improve-digits = 裡面有數字：請去掉只屬於這位來電者的內容。
improve-not-written = 沒有寫入：需要自己的標題、回答，以及存在的段落。
improve-written = 已寫入 { $accepted } 項。接下來：switchhookctl scenario test { $dir }，然後 scenario activate { $dir }
improve-written-to = 已寫入 { $path }
improve-left-as-it-was = { $path } 維持原樣，因為改了之後就無法讀取這個劇本：{ $why }
