# switchhookctl 所说的话，简体中文（大陆用语）。每条消息在 en.ftl 与 zh-Hant.ftl 都有同名、变量相同的一条。
# 命令照原样放在反引号里。用词：line 线路、call 通话、caller 来电者、scenario 剧本、configuration 配置、job 任务、message 留言。

## 通用

ready = 就绪
not-ready = 未就绪
yes = 是
no = 否
comma = 、
quoted = “{ $words }”
note = 注意：{ $note }
written = 已写入：{ $files }
nothing-written = 没有写入任何东西
no-words = （没有说话）
see-above = 详见上文
not-there = { $path } 不存在
cannot-read = 无法读取 { $path }
cannot-write = 无法写入 { $path }
cannot-make = 无法创建 { $path }
cannot-make-durable = 无法确保 { $path } 已存入磁盘
cannot-run = 无法运行 { $program }：安装了吗？
needs-a-terminal = 这需要在终端上运行
generate-cannot-make = 无法创建 { $path }
generate-cannot-write = 无法把手册页写入 { $path }

## 表格标题

column-about = 事由
column-activated = 启用时间
column-at = 时间
column-badly = 问题
column-begun = 开始时间
column-call = 通话
column-callback = 回电号码
column-callers-said = 来电者说的话
column-disk = 磁盘
column-done = 进度
column-from = 来自
column-goal = 目标
column-job = 任务
column-kind = 种类
column-language = 语言
column-languages = 语言
column-licence = 许可证
column-line = 线路
column-mark = 评分
column-memory = 内存
column-message = 留言
column-model = 模型
column-nearest = 最接近的段落
column-number = 编号
column-outcome = 结束方式
column-part = 类别
column-promised = 承诺时间
column-recipient = 给
column-role = 用途
column-scenario = 剧本
column-started = 开始时间
column-state = 状态
column-status = 状态
column-summary = 摘要
column-times = 次数
column-touched = 已覆盖
column-turns = 轮次
column-untouched = 未覆盖
column-user = 用户
column-version = 版本
column-what = 内容

## 机器的用语（英文就是程序所用的字）

state-ringing = 振铃中
state-disclosing = 表明身份中
state-speaking = 说话中
state-listening = 聆听中
state-thinking = 思考中
state-transferring = 转接中
state-bridged = 人工接听中
state-ended = 已结束
outcome-goodbye = 互道再见
outcome-message-taken = 已留言
outcome-silence = 来电者不再出声
outcome-opted-out = 要求不再致电
outcome-abuse = 来电者辱骂
outcome-gave-up = 无法聆听
outcome-transferred = 已转接
outcome-caller-hung-up = 来电者挂断
outcome-hung-up = 线路挂断
outcome-hung-up-by-admin = 管理员挂断
outcome-too-long = 超过时限
outcome-shutdown = 机器人停止
outcome-unanswered = 未接听
outcome-busy = 占线
outcome-declined = 拒接
outcome-unreachable = 无法接通
outcome-media-lost = 声音中断
outcome-fault = 故障
outcome-over = 已结束
direction-taken = 来电
direction-placed = 呼出
call-property-disclosed = 已表明身份：
call-property-scenario = 剧本：
call-property-turns = 轮次：
line-status-starting = 启动中
line-status-ready = 就绪
line-status-draining = 停止接入
line-status-down = 不通
line-kind-sip = SIP
line-kind-handset = 听筒
rung-full = 完整
rung-no-llm = 无语言模型
rung-no-speech = 无语音
job-state-running = 进行中
job-state-done = 完成
job-state-failed = 失败
job-state-cancelled = 已取消
job-kind-reload-configuration = 重新读取配置
job-kind-reload-scenario = 重新读取剧本
job-kind-configuration = 配置
job-kind-fetch-model = 下载模型
job-kind-export-records = 导出通话记录
job-kind-records = 通话记录
job-kind-test-scenario = 测试剧本
role-recognizer = 语音识别
role-vad = 语音检测
role-turn = 发言结束判断
role-recognition = 语音识别
role-voice = 语音合成
role-language-model = 语言模型
role-voice-activity = 语音检测
role-end-of-turn = 发言结束判断
role-pronunciation = 发音
role-embedding = 语义向量
model-state-absent = 未安装
model-state-installed = 已安装
model-state-damaged = 损坏
goal-cut-off = 通话中断
goal-nobody-there = 无人接听
goal-left-halfway = 中途离开
goal-other-result = 其他结果
goal-not-understood = 没听懂
goal-silence = 来电者不再出声
goal-nothing-wanted = 没有需求
tag-dead-air = 冷场
tag-repeated-question = 重复提问
tag-frustrated = 来电者不耐烦
tag-misheard = 听错
tag-long-wait = 等待过久
part-knowledge = 知识
part-flows = 流程
part-steps = 步骤
part-rules = 通用规则
part-intents = 意图
part-keys = 按键
examined-configuration = 配置
examined-scenario = 剧本
examined-people = 人员
examined-model = 模型
examined-secret = 机密
examined-disk = 磁盘
examined-memory = 内存
examined-heat = 温度
examined-bus = 总线
examined-service = 服务
examined-clock = 时钟
examined-lines = 线路
examined-line = 线路
examined-robot = 机器人
examined-version = 版本
examined-ladder = 服务级别
examined-broker = 消息代理
examined-certificate = 证书

## 总线上的机器人

bus-system = 系统
bus-session = 会话
bus-given = 指定的
no-bus = 无法连上{ $bus }总线；dbus 在运行吗？可用 --bus 指定另一个
bus-went-away = 总线连接已断开
no-answer = switchhookd 没有响应
not-running = switchhookd 未在{ $bus }总线上运行；请用 `systemctl start switchhook` 启动，若无法保持运行，请查看 `journalctl -u switchhook`
robot-left = switchhookd 已离开总线；请用 `systemctl status switchhook` 查看状态
not-there-any-more = 它已经不在了
other-form = 机器人返回的格式与本程序所知的不同；两者是同一版本吗？
no-such-call = 没有（或已不再有）通话 { $id }；请用 `switchhookctl calls` 查看有哪些通话
several-calls = 有 { $calls } 个通话匹配 { $id }；请多输入几个字符

# 机器人为何拒绝：标题依错误名称，后面是机器人自己的话（英文）。
refused-access = 没有权限：{ $text }
refused-otherwise = switchhookd 拒绝：{ $text }（{ $name }）
refused-busy = 忙碌中：{ $text }
refused-with-a-person = 已由真人接听：{ $text }
refused-cannot-place = 线路不能呼出：{ $text }
refused-not-permitted = 不允许呼叫：{ $text }
refused-unreachable = 无法接通：{ $text }
refused-call-over = 通话已结束：{ $text }
refused-closing = 机器人正在关闭：{ $text }
refused-crowded = 太多人正在监看通话：{ $text }
refused-job-over = 任务已结束：{ $text }
refused-line-down = 线路不通：{ $text }
refused-line-gone = 线路未运行：{ $text }
refused-no-record = 无法读取记录：{ $text }
refused-not-a-handset = 这条线路没有听筒：{ $text }
refused-not-allowed = 没有权限：{ $text }
refused-unknown-person = 配置中没有这个人：{ $text }
refused-unknown-task = 没有这个待办事项：{ $text }
refused-wrong-time = 时间写法有误：{ $text }
refused-wrong-levels = 日志级别有误：{ $text }

## status, lines

status-device = { $device } { $ready }，服务级别：{ $rung }，switchhook { $version }，自 { $since } 起运行
status-models = 模型：{ $models }
status-calls = 通话：{ $on }／{ $at_once }；使用第 { $generation } 代配置
status-calls-of-two-generations = 通话：{ $on }／{ $at_once }；使用第 { $generation } 代配置，其中 { $earlier } 个仍用较早的配置
no-lines = 没有线路；请在 switchhook.toml 添加 [[line]] 表
no-such-line = 没有线路 { $id }；配置中有：{ $lines }
line-is = { $id } { $status }：{ $reason }

## calls, call

no-calls = 没有通话
caller-withheld = 未显示的号码
caller-named = { $number }（{ $name }）
call-show-call = 通话
call-show-from = 来电者
call-show-to = 呼叫对象
call-show-line = 线路
call-show-state = 状态
call-show-scenario = 剧本
call-show-started = 开始时间
call-show-turns = 轮次
call-show-disclosed = 来电者已知道是机器人在说话
call-show-not-disclosed = 来电者还不知道是机器人在说话
watch-waiting = 等待来电；按 Ctrl-C 结束
watch-without-words = 不看对话内容也可以监看通话：`switchhookctl call watch --no-words`
watch-began = { $state }，线路 { $line }
watch-began-from = { $state }，来自 { $caller }，线路 { $line }
watch-began-to = { $state }，呼叫 { $caller }，线路 { $line }
watch-ended = { $ended }，历时 { $seconds } 秒：{ $outcome }
listen-began = 正在收听 { $call }；按 Ctrl-C 结束
listen-no-pipe = 机器人交来的不是管道
listen-no-call = 目前没有可收听的通话；`switchhookctl call watch` 会显示来电
listen-which = 目前有 { $calls } 个通话；请按 `switchhookctl calls` 所列指定一个
listen-over = 通话已结束，收听了 { $seconds } 秒
listen-with-a-person = 通话已由真人接听，不再收听；收听了 { $seconds } 秒
listen-left = 已停止收听，收听了 { $seconds } 秒
listen-terminal = 声音不能输出到终端；请重定向，或指定文件
listen-card-stopped = 声卡停止了
listen-unfinished = 文件无法完成
place-no-call = switchhookd 所指的并不是通话：{ $path }
place-rings = { $call } 响铃中；`switchhookctl call watch { $call }` 会显示后续
place-over-at-once = 通话立刻就结束了；原因见 `journalctl -u switchhook`
place-no-line = 没有可呼出的线路；需要 kind 为 "sip" 的 [[line]]
place-which-line = 有好几条线路可呼出；请用 --line 指定一条：{ $lines }
place-busy = 对方占线（busy）
place-declined = 对方不接这个电话（declined）
place-unanswered = 半分钟内无人接听（unanswered）
place-unreachable = 没有这个号码，或无法接通：请检查号码，以及网关是否允许呼叫（unreachable）
place-failed = 线路故障（{ $fault }）；详情见 `journalctl -u switchhook`
watch-turn = 第 { $number } 轮：{ $heard } → { $understood } → { $action }：{ $said }

## monitor

monitor-rung = 服务级别
monitor-calls = 通话 { $on }／{ $at_once }
monitor-load = 负载 { $load }
monitor-memory = 可用内存 { $megabytes } MB
monitor-keys = ↑↓ 切换通话   h 挂断   q 离开
monitor-end-call = 要礼貌地结束通话 { $call } 吗？y 是，n 否
monitor-lines = 线路
monitor-calls-title = 通话
monitor-from = 来自
monitor-state = 状态
monitor-turns = 轮次
monitor-line = 线路
monitor-words = 对话
monitor-caller = 来电者
monitor-robot = 机器人
monitor-nobody = 目前没有通话
monitor-nothing-said = 还没有人说话
monitor-hidden = 对话内容已隐藏：{ $why }
monitor-last-answer = 最近一次回答
monitor-last-answer-took = 最近一次回答：{ $milliseconds } 毫秒
latency-endpoint = 判断说完
latency-words = 识别
latency-decision = 决定
latency-first-sound = 开始出声

## models, model, jobs, job

any-language = 不限
model-in-use = 在用
model-damaged = { $model }：{ $damage }；请用 `switchhookctl model fetch { $model }` 修复
no-such-model = 目录中没有模型 { $name }；请用 `switchhookctl models` 查看有哪些模型
model-was-installed = { $name } 此前已安装
models-installed = 已安装：{ $names }；机器人从下一次 `switchhookctl config reload` 起使用配置所指定的模型
no-jobs = 没有任务
job-began = 任务 { $number } 已开始；可用 `switchhookctl job wait { $number }` 等它完成
job-was-cancelled = 任务 { $number } 已取消
job-left-with-the-robot = switchhookd 已离开总线，任务也随之中止；请用 `systemctl status switchhook` 查看状态

## messages, reports

no-messages = 没有留言
message-done = 已处理
message-confirmed = 已确认
message-as-heard = 未确认
no-reports = 没有通话报告

## config

configuration-sound = 配置正确
configuration-sound-in = 配置正确：{ $files }
configuration-unsound = 配置有误：{ $problem }
reloaded = 此后的通话使用第 { $generation } 代配置；更改项：{ $changed }
reloaded-without-change = 此后的通话使用第 { $generation } 代配置；没有任何更改

## export

export-no-pipe = 机器人交来的不是管道
export-nothing = 记录里没有符合的通话；没有写入任何文件
export-stopped = 已停止；没有写入任何文件
export-written = { $path } 里是 { $calls } 通通话的全部记录。这是个人资料：请交给应得的人，之后删除

## support-bundle

bundle-is-there = { $path } 已经存在；请换一个文件名
bundle-written = 全部资料都在 { $path }（{ $kilobytes } kB）。电话号码与配置中的姓名都已遮盖；发送前请先看一遍


## doctor

verdict-good = 良好
verdict-unknown = 不明
verdict-doubtful = 留意
verdict-wrong = 异常
doctor-wrong = 有 { $things } 项异常
doctor-as-root = 请以 root 身份运行
doctor-configuration = { $path } 正确
doctor-configuration-remedy = 请修正；可用 `switchhookctl config check` 再检查一次
doctor-scenario = { $name }，版本 { $version }
doctor-scenario-remedy = 请修正；可用 `switchhookctl scenario check` 再检查一次
doctor-people-remedy = 请参阅 switchhook.toml(5)
doctor-model-absent = { $path } 中没有 { $name }
doctor-model-damaged = { $name } 已损坏：{ $what }
doctor-secret-absent = { $path } 不存在
doctor-secret-absent-remedy = 请写入这个文件（权限 600），并让 systemd 知道：在 `systemctl edit switchhook` 里加上 LoadCredential={ $name }:{ $path }
doctor-secret-closed = { $name }，只有所有者能读取
doctor-secret-empty = { $path } 是空的
doctor-secret-empty-remedy = 请把机密写进去
doctor-secret-error-remedy = 请以 root 身份查看
doctor-secret-hidden = 没有权限查看 { $path }
doctor-secret-open = { $path } 可被所有者以外的人读取
doctor-disk-absent = { $path } 还不存在
doctor-disk-absent-remedy = 请启动机器人，它会自行创建
doctor-disk-free = { $path } 还有 { $megabytes } MB 可用
doctor-disk-full-remedy = 请腾出空间：磁盘满了就会丢失通话记录
doctor-disk-filling-remedy = 请在磁盘满之前腾出空间
doctor-memory-unknown = 内核没有提供可用的内存大小
doctor-memory-available = 可用 { $megabytes } MB
doctor-memory-remedy = 请改用较小的模型组合（`switchhook-models profiles`），或停止这里运行的其他程序
doctor-heat-unknown = 这台机器没有提供温度
doctor-heat-unknown-remedy = 在 Raspberry Pi 上可用 vcgencmd measure_temp
doctor-hot-remedy = 请在夏天之前检查风扇与外壳
doctor-too-hot-remedy = 请降温：主板会降频，来电者就得等；请检查风扇与外壳
doctor-service-unknown = 该总线上没有 systemd
doctor-service-runs = 运行中
doctor-service-is = 目前是 { $state }
doctor-service-restarted = 运行中，曾重启 { $times } 次
doctor-service-restarted-remedy = 用 journalctl -x -u switchhook -p warning 查看失败原因
doctor-clock-set = 由网络同步时间
doctor-clock-unset = 没有同步时间
doctor-clock-unset-remedy = timedatectl set-ntp true：营业时间与记录都以时钟为准
doctor-clock-unknown = 这里无法得知是否已同步时间
doctor-version-other = 正在运行的是 { $runs }，已安装的是 { $installed }
doctor-robot-answers = 会接听来电
doctor-robot-silent = 现在来电不会有人接听
doctor-robot-silent-remedy = 请看下面的线路
doctor-ladder = 通话一开始的服务级别是“{ $rung }”
doctor-ladder-remedy = 用 journalctl -x -u switchhook -p warning 查看缺少什么
doctor-line-ready = { $id } 就绪，地址 { $address }
doctor-broker-answers = { $broker } 有响应
doctor-broker-silent = { $broker } 没有响应
doctor-broker-remedy = 请检查 switchhook.toml 的 [mqtt]、网络，以及消息代理
doctor-certificate-trusted = { $broker } 可信任，直到 { $until }
doctor-certificate-ends = { $broker } 可信任到 { $until }，还有 { $days } 天
doctor-certificate-ends-remedy = 请更新消息代理的证书
doctor-certificate-authority-ends-remedy = 请更新为消息代理担保的证书颁发机构，以及它签发的证书；再把新的颁发机构放进 `mqtt.ca`
doctor-certificate-over = { $broker } 已不再可信任：证书已于 { $until } 到期
doctor-certificate-not-yet = { $broker } 还不可信任：证书自 { $from } 起有效，而这里的今天是 { $today }
doctor-certificate-not-yet-remedy = timedatectl：请确认时钟是否正确
doctor-certificate-other-name = { $broker } 不可信任：证书属于 { $names }
doctor-certificate-other-name-remedy = 如果是同一个消息代理，请把其中一个名称写进 `mqtt.host`；否则请为配置的名称申请证书
doctor-certificate-untrusted = { $broker } 不可信任：机器人信任的颁发机构都没有为它的证书担保
doctor-certificate-untrusted-remedy = 请用 `mqtt.ca` 指定本单位自己的颁发机构文件，或查看是谁在那里响应
doctor-certificate-untrusted-by-ours-remedy = 请把签发消息代理证书的机构放进 { $path }，或查看是谁在那里响应
doctor-certificate-refused = { $broker } 不可信任：{ $reason }
doctor-certificate-no-tls = { $broker } 不使用 TLS：{ $reason }
doctor-certificate-no-tls-remedy = 请检查 `mqtt.port`（使用 TLS 时通常是 8883）、`mqtt.tls`，以及消息代理
doctor-certificate-closed = { $path } 并非人人可读，机器人可能也读不到；证书不是机密

## setup

setup-begin = 按 Enter 采用方括号中的答案。您同意之前不会写入任何东西。
setup-ask-language = 来电者说什么语言（en、zh-TW、zh-CN）？
setup-ask-other-languages = 来电者还可以要求改用哪些语言（none，或以逗号分隔的语言标签）？
setup-ask-office = 机器人怎么称呼贵单位？
setup-ask-scenario = 机器人要做什么？也可以填文件夹：
setup-ask-scenario-among = 机器人要做什么（{ $scenarios }）？也可以填文件夹：
setup-ask-profile = 要用哪一组模型（tiny：1 GB 内存，standard：4 GB，large）？
setup-ask-line = 线路是哪一种：register（网关或电话交换机上的账号）、peer（没有账号的 SIP）、handset（USB 听筒），还是 keep（维持现状）？
setup-ask-registrar = 向哪里注册（sip:主机）？
setup-ask-user = 用哪个账号？
setup-ask-password = 密码是什么？输入时不会显示，并且存放在只有 root 能读取的地方：
setup-ask-peers = 谁可以来电（以逗号分隔的地址或网段；all：连得上的都可以）？
setup-ask-device = 用哪个音频设备？
setup-ask-device-among = 用哪个音频设备（{ $devices }）？
setup-ask-person = 电话转给谁？机器人会这样称呼对方：
setup-ask-address = 转到哪里（sip:100@pbx.office；none：请来电者留言）？
setup-ask-replace = { $file } 的内容不同，要替换吗？
setup-ask-write = 要写入 { $file } 吗？
setup-ask-fetch = 要下载所需的模型吗？
setup-ask-start = 要启动机器人吗？如果它正在运行，进行中的通话可能会先结束。
setup-ask-test-call = 要等待一次测试来电，并显示过程吗？
setup-yes-or-no = { $question }（{ $yes }、{ $no }）
setup-say-yes-or-no = 请回答“是”或“否”（也可以用 yes、no）。
setup-say-something = 这一题必须回答。
setup-wrong = { $why }
setup-wrong-line = 请填 register、peer、handset 或 keep
setup-wrong-nothing = 请填写内容
setup-missing = 这一项无从推测：{ $key }：{ $why }
setup-nobody-answers = 没有人继续回答了；还没写入的就不写入
setup-answers-too-large = { $path } 超过 { $kilobytes } kB
setup-answers-wrong = { $path }：{ $wrong }
setup-says-otherwise = { $path } 的内容不同；可用 --replace 替换
setup-no-json = 对人是用文字提问的；使用 --json 时请加上 --answers
setup-nothing-to-write = 没有需要写入的东西
setup-models-need = 模型组合 { $profile } 需要 { $disk } MB 磁盘空间，以及最多 { $memory } MB 内存
setup-models-need-unmeasured = 模型组合 { $profile } 需要 { $disk } MB 磁盘空间；所需内存尚未测量
setup-board-has = ；本机共 { $megabytes } MB
setup-how-to-start = 可用 `systemctl enable --now switchhook` 启动
setup-not-fetched = 无法下载模型；已经下载的会保留，`switchhook-models fetch` 会接着下载
setup-not-started = 无法启动机器人；`journalctl -x -u switchhook` 会说明原因
setup-lift = 请拿起听筒：`switchhookctl line off-hook { $line }`
setup-dial = 请拨打 { $address }，或网关对应到该账号的号码
setup-line-is = 线路 { $id } { $status }：{ $reason }
terminal-unknown = 无法得知终端的状态
terminal-shows-what-is-typed = 无法让终端隐藏输入的内容

## scenario

scenario-is-there = { $dir } 已经存在；请换一个名称
scenario-begun = 已在 { $dir } 创建剧本 { $name }。接下来：switchhookctl scenario test { $dir }，或 scenario chat { $dir }
scenario-sound = { $name } 的 { $language } 正确：{ $passages } 个段落，版本 { $version }
scenario-ok = 通过
scenario-wrong = 不符
scenario-failed = { $played } 段对话中有 { $failed } 段与所写的不符
scenario-passed = { $played } 段对话都与所写的相符
scenario-no-conversations = { $dir } 没有对话；请在 tests/*.yaml 写一些
scenario-no-languages = { $dir } 没有任何语言
scenario-not-in-language = { $dir } 没有 { $language } 的内容
scenario-no-daemon = 无法运行 `{ $program }`；它属于软件包 switchhook
scenario-touched = { $touched }／{ $all }
scenario-times = { $name }（{ $times } 次）
scenario-same = 两者相同
scenario-goes-right = 现在相符
scenario-goes-wrong = 现在不符
scenario-untried = { $dir } 的 tests/ 中没有对话；请写一些，或加上 --untested
scenario-tried-in-vain = { $played } 段对话中有 { $failed } 段与所写的不符；请看 `switchhookctl scenario test { $dir }`，或加上 --untested
scenario-without-name = { $dir } 没有可作为剧本名称的名字；请启用有名称的文件夹
scenario-now-followed = { $name } 现在是版本 { $version }：此后的通话都依此进行
scenario-now-begun = { $name } 现在是版本 { $version }：机器人正在读取；可用 `switchhookctl job wait { $number }` 等它完成
scenario-now-beside = { $name } 现在是版本 { $version }：但机器人用的是 `{ $other }`；请在 switchhook.toml 的 [calls] 下写 scenario = { $link }，再让机器人重新读取配置
scenario-now-untold = { $name } 现在是版本 { $version }：没能通知机器人（{ $why }）；若 [calls] 的 scenario 是 { $link }，它下次启动时就会采用
scenario-nothing-activated = 还没有启用任何剧本；请用 `switchhookctl scenario activate DIR`
scenario-never-activated = { $name } 从未启用
scenario-never-activated-diff = { $name } 从未启用；请指定两个文件夹
scenario-no-other-version = { $name } 没有其他版本；请用 `switchhookctl scenario list` 查看有哪些版本
scenario-active = 在用
scenario-show-active = { $name } { $version }，在用
scenario-show-language = { $language }：{ $passages } 个段落，{ $flows } 个流程
shelf-no-file = { $path } 不是文件；版本里只能有文件，请把它所指的内容复制过去
shelf-too-large = { $dir } 作为剧本太大了：最多 { $files } 个文件、64 MiB
shelf-other-folder = { $path } 是不在这里启用的文件夹；请移到别处，再从那里启用
shelf-no-version = { $name } 没有版本 { $begins }；请用 `switchhookctl scenario list` 查看有哪些版本
shelf-several-versions = { $name } 有多个以 { $begins } 开头的版本；请多写几个字符
shelf-changed = { $path } 启用后被改过；请删除它，再启用一次
shelf-cannot-make = 无法创建 { $path }；请以 root 身份运行
shelf-cannot-write-to = 无法写入 { $path }
shelf-cannot-name = 无法把 { $path } 重命名为 { $name }
shelf-cannot-switch = 无法切换 { $path }
shelf-cannot-delete = 无法删除 { $path }
chat-begin = 请输入来电者说的话；/0 表示按键，空白行表示沉默，输入结束就是挂断。
chat-keys = / 后面要接电话按键：0-9、* 和 #
chat-robot = 机器人：{ $said }
chat-does-from = ({ $understood }: { $does }，出自 { $source })
chat-kept = （已记下，未确认：给{ $recipient }：{ $text }）
improve-nothing = 没有：来电者说的话，这个剧本都能理解
improve-more = ……还有 { $more } 句
improve-wanted = { $number }／{ $of }：{ $times } 次，{ $language }
improve-answered-by = 由 { $passage } 回答
improve-key-new = 写一个新段落来回答
improve-key-skip = 跳过
improve-key-quit = 到此为止
improve-ask-what = 要怎么处理？
improve-ask-how = 来电者会怎么问？
improve-ask-title = 简单说，这是关于什么？
improve-ask-answer = 机器人该怎么回答？
improve-type-a-key = 请输入左边的其中一个字符。
improve-digits = 里面有数字：请去掉只属于这位来电者的内容。
improve-not-written = 没有写入：需要自己的标题、回答，以及存在的段落。
improve-written = 已写入 { $accepted } 项。接下来：switchhookctl scenario test { $dir }，然后 scenario activate { $dir }
improve-written-to = 已写入 { $path }
improve-left-as-it-was = { $path } 维持原样，因为改了之后就无法读取这个剧本：{ $why }
