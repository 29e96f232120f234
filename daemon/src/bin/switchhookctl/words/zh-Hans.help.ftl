# 命令行的帮助，简体中文（大陆用语）。英文写在 cli.rs 里各命令与参数旁边。
# help-call-watch 是命令，help-call-watch--no-words 是它的参数，help--limit 是多个命令共有的参数。

heading-usage = 用法:
heading-commands = 命令
heading-arguments = 参数
heading-options = 选项
help-default = [默认值：{ $value }]
help-environment = [环境变量：{ $value }]
help-values = [可用的值：{ $value }]

## 输入有误时

mistake-command = 错误：没有“{ $command }”这个命令
mistake-argument = 错误：不认得参数“{ $argument }”
mistake-no-value = 错误：“{ $argument }”需要一个值
mistake-value = 错误：“{ $value }”不是“{ $argument }”可用的值
mistake-value-why = 错误：“{ $value }”不是“{ $argument }”可用的值：{ $why }
mistake-bus = 错误：“{ $value }”不是总线；请写 `system`、`session`，或像 unix:path=/run/bus 这样的地址
mistake-values = 　　　可用的值：{ $values }
mistake-missing = 错误：缺少必要的参数：{ $arguments }
mistake-twice = 错误：参数“{ $argument }”只能用一次
mistake-conflict = 错误：参数“{ $argument }”不能与“{ $other }”一起使用
mistake-similar = 　　　您要的是不是：{ $similar }
mistake-help = 更多帮助请用“--help”查看。

## 共有的参数

help--json = 输出 JSON 供程序使用
help--bus = `system`、`session`，或总线的地址
help--help = 显示帮助（-h 为摘要，--help 为完整帮助）
help--version = 显示版本
help--limit = 最多显示几条
help--config = 配置文件；旁边 conf.d/ 里的文件也是配置的一部分
help--credentials = systemd 交付机密所用的文件夹
help--shelf = 存放各版本的地方
help--language = 只用这些语言
help--wait = 等到完成；不指定时就是如此
help--no-wait = 开始后不等待；`switchhookctl jobs` 会显示进度
help--watch = 每次有变化就重新显示

## 命令

help = 查看并指挥这台机器上的电话机器人
    .after =
        JSON（--json）的名称在各版本间维持不变，但可能增加新的：
        { $middle }
        结束状态：0 已完成，1 未完成，2 无法识别命令。
help-help = 显示本帮助，或指定命令的帮助
help-status = 机器人目前的状态
help-status--wait = 等到机器人能接听来电为止
help-monitor = 以全屏实时显示机器人：线路、通话与对话内容、回答的时间花在哪里、负载与温度
help-lines = 所有线路
help-line = 指挥一条线路
help-line-off-hook = 拿起听筒：开始通话
help-line-on-hook = 挂回听筒：结束通话
help-calls = 所有尚未结束的通话
help-call = 监看或指挥一个通话。ID 是通话的名称，或其开头、结尾，只要不与其他通话重复
help-call-show = 显示一个通话，以及来电者是谁
help-call-watch = 实时显示发生的事：一个通话直到结束，或所有通话；包括谁来电、说了什么
help-call-watch--no-words = 不显示来电者与对话内容，供没有权限看的人使用
help-call-listen = 在通话进行时收听：机器人所听到的来电者声音，以及来电者听到的声音。谁收听会留下记录
help-call-listen--id = 只有一个通话时不必指定
help-call-listen--to = 写成 WAV 文件（立体声，左为来电者，右为机器人）；`-` 表示标准输出
help-call-listen--device = 在这个 ALSA 设备上播放；`aplay -L` 列出名称
help-call-place = 让机器人打电话：用配置中的名称指定办公室的人，或 [calls] 的 `may_call` 所列的号码
help-call-place--whom = 人的名称，或号码
help-call-place--line = 用这条线路；只有一条可呼出时不必指定
help-call-place--wait = 等到通话结束并说明如何结束；无人接听时状态为 1
help-call-place--watch = 同上，并像 `call watch` 一样显示过程
help-call-hangup = 礼貌地结束通话：机器人说再见后挂断
help-call-hangup--wait = 等到通话结束并说明如何结束
help-call-transfer = 把通话转给某人，用配置中的名称指定
help-call-transfer--wait = 等到那个人接听，或说明为何没有接听；后者状态为 1
help-models = 目录中的模型：做什么用、是否已安装、机器人是否使用
help-model = 下载模型
help-model-fetch = 下载模型及其所需的文件，检查后安装。配置中指定了它时，机器人重新读取配置后就会使用
help-model-fetch--name = `switchhookctl models` 所列的名称
help-jobs = 机器人正在执行或最近执行过的、由人交办的长时间任务
help-job = 等待或结束一项任务
help-job-wait = 显示进度直到结束
help-job-cancel = 要求停止；它会在下一个可以安全停下的地方停止
help-messages = 来电者的留言，最新的在前
help-message = 标记一条留言的处理结果
help-message-done = 已处理：不必再有人处理
help-message-done--number = `switchhookctl messages` 所列的编号
help-message-done--undo = 其实还没处理
help-reports = 最近几次通话的结果，最新的在前：是否达成目标、说了什么、哪里出了问题
help-looks = 谁查看过来电者的数据，最新的在前：每次查看都有记录
help-log = 显示机器人记录哪些日志，或更改到它下次启动为止。无论哪个级别都不会记录来电者的话语与号码
help-log--levels = 一个级别（error、warn、info、debug 或 trace），个别部分可以另外指定：`info,lines::sip=debug`
help-doctor = 检查机器人哪里有问题、该怎么办：配置、模型、机密、磁盘、温度、时钟、服务、线路与消息代理
help-export = 把通话的全部记录写进一个文件，每通电话一行 JSON：给询问自己资料的人、给主管机关，或给另一个系统。谁拿走了会记录下来
help-export--to = 要写入的文件，只有所有者能读；不指定时，写到当前文件夹，以时间命名；`-` 是标准输出
help-export--number = 只要这个号码的通话，连同国家码与区号，照电话网络给的写；空格不影响
help-export--since = 只要这一天或这个时间起开始的通话
help-export--until = 只要到这一天结束为止，或这个时间以前开始的通话
help-support-bundle = 把远程协助者需要看的内容收进一个文件：配置、检查结果、状态与日志；不含来电者的资料、人名、电话号码与机密
help-support-bundle--to = 要写入的归档文件；不指定时，写到当前文件夹，以时间命名
help-support-bundle--days = 日志要包含几天
help-support-bundle--credentials = 机密所在的文件夹；只看文件在不在、谁能读，不读内容
help-setup = 询问首次配置所需的事项，检查并写入配置，下载模型，启动机器人，并等待一次测试来电
    .after =
        应答文件是 TOML；未写的项用通常的值，或维持目前的配置：

        {"  "}language = "en"                # en、zh-TW、zh-CN
        {"  "}other_languages = ["zh-TW"]    # 默认没有
        {"  "}office = "北门分公司"
        {"  "}scenario = "reception"         # 或文件夹
        {"  "}profile = "standard"           # tiny、standard、large：按主板的内存
        {"  "}line = "register"              # register、peer、handset、keep
        {"  "}registrar = "sip:pbx.office"   # 用于 register：另有 user 与 password
        {"  "}user = "robot"
        {"  "}password = "secret"
        {"  "}peers = ["192.0.2.0/24"]       # 用于 peer：谁可以来电
        {"  "}device = "plughw:CARD=Handset" # 用于 handset
        {"  "}person = "前台"                # 电话转给谁，转到哪里
        {"  "}address = "sip:100@pbx.office"
        {"  "}fetch = true                   # 下载所需的模型
        {"  "}start = true                   # 启动机器人
        {"  "}test_call = true               # 然后等待一次来电并显示过程

        `--schema` 会输出它的 JSON Schema。不加 --answers 时，会在终端上提问，或由标准输入逐行回答。
help-setup--answers = 由文件而不是由人回答；`-` 表示标准输入
help-setup--schema = 输出应答文件的 JSON Schema 后结束
help-setup--replace = 可以替换此前运行时写入的内容
help-setup--drop-ins = 存放服务 drop-in 配置的文件夹
help-config = 检查并显示配置；机器人无需运行
help-config-check = 读取配置与剧本，指出哪个文件的哪一行有错、该怎么改；可能不是原意之处也会提醒
help-config-reload = 让机器人重新读取配置与剧本，从下一个通话起使用；进行中的通话不受影响。会说明更改了什么，或哪里有错：有错时什么都不变。必须重启才能更改的项，会连同其他更改一起被拒绝
help-config-show = 显示目前有效的完整配置，未写的项也会列出实际的值。显示的内容可以直接当作配置文件
help-config-show--origin = 在每个值后面注明它写在哪个文件的哪一行，或 `default`
help-scenario = 在文件夹中创建、检查、试验剧本并与它对话；机器人无需运行
help-scenario-new = 在新文件夹中创建剧本：每个文件都有，内容最精简
help-scenario-new--language = 要用哪些语言编写
help-scenario-check = 以剧本的每种语言读取它，指出哪里有错、该怎么改
help-scenario-test = 用文字演练 tests/*.yaml 里的对话
help-scenario-test--dir = 不指定时，由机器人演练它目前所用剧本的对话
help-scenario-test--voice = 用语音演练：经过我们的语音、电话线路与语音识别。需要模型，每段对话需要几秒
help-scenario-coverage = 列出剧本中未被 tests/*.yaml 中任何对话覆盖的部分：知识、流程及其步骤、通用规则、意图、按键
help-scenario-improve = 显示来电者想要却没得到的事，按含义分组：可作为 DIR 知识的候选。会询问机器人；没加 --accept 就不会改变任何东西
help-scenario-improve--days = 到现在为止的几天之内
help-scenario-improve--accept = 逐项询问要写什么，并写进剧本的知识
help-scenario-chat = 在终端上用文字与机器人对话
help-scenario-chat--language = 用这个语言，而不是剧本的第一个语言
help-scenario-activate = 检查并试验剧本，保存一份作为版本，让机器人从下一个通话起采用；进行中的通话不受影响
help-scenario-activate--untested = 即使它的对话与所写的不符，或没有对话
help-scenario-activate--keep = 保留几个版本
help-scenario-rollback = 让机器人再次采用较早的版本：前一个，或所指定的
help-scenario-rollback--name = 剧本的名称
help-scenario-rollback--to = 版本，或其开头
help-scenario-diff = 逐行显示更改，以及哪些对话因此有不同的结果。A 与 B 是文件夹，或 NAME@VERSION
help-scenario-diff--first = 要比较的对象；没有 B 时，与同名的在用版本比较
help-scenario-list = 显示启用过的版本，最近的在前
help-scenario-list--name = 只列出这个剧本
help-scenario-show = 显示一个版本的用途、存放位置，以及记录里如何称呼它
help-scenario-show--name = 剧本的名称
help-scenario-show--version = 版本，或其开头；不指定时为在用版本
help-scenario-schema = 输出一种文件的 JSON Schema 供编辑器使用：`scenario`、`lang` 或 `tests`
help-completions = 把 shell 的自动补全写入标准输出
help-man = 把手册页写入文件夹
