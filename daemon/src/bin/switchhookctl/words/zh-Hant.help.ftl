# 指令列的說明，正體中文（臺灣用語）。英文寫在 cli.rs 裡各指令與引數旁邊。
# help-call-watch 是指令，help-call-watch--no-words 是它的引數，help--limit 是好幾個指令共有的引數。

heading-usage = 用法:
heading-commands = 指令
heading-arguments = 引數
heading-options = 選項
help-default = [預設值：{ $value }]
help-environment = [環境變數：{ $value }]
help-values = [可用的值：{ $value }]

## 輸入有誤時

mistake-command = 錯誤：沒有「{ $command }」這個指令
mistake-argument = 錯誤：不認得引數「{ $argument }」
mistake-no-value = 錯誤：「{ $argument }」需要一個值
mistake-value = 錯誤：「{ $value }」不是「{ $argument }」可用的值
mistake-value-why = 錯誤：「{ $value }」不是「{ $argument }」可用的值：{ $why }
mistake-bus = 錯誤：「{ $value }」不是匯流排；請寫 `system`、`session`，或像 unix:path=/run/bus 這樣的位址
mistake-values = 　　　可用的值：{ $values }
mistake-missing = 錯誤：缺少必要的引數：{ $arguments }
mistake-twice = 錯誤：引數「{ $argument }」只能用一次
mistake-conflict = 錯誤：引數「{ $argument }」不能與「{ $other }」一起使用
mistake-similar = 　　　您要的是不是：{ $similar }
mistake-help = 更多說明請用「--help」查看。

## 共有的引數

help--json = 輸出 JSON 供程式使用
help--bus = `system`、`session`，或匯流排的位址
help--help = 顯示說明（-h 為摘要，--help 為完整說明）
help--version = 顯示版本
help--limit = 最多顯示幾筆
help--config = 設定檔；旁邊 conf.d/ 裡的檔案也是設定的一部分
help--credentials = systemd 交付機密所用的資料夾
help--shelf = 存放各版本的地方
help--language = 只用這些語言
help--wait = 等到完成；不指定時就是如此
help--no-wait = 開始後不等待；`switchhookctl jobs` 會顯示進度
help--watch = 每次有變化就重新顯示

## 指令

help = 查看並指揮這台機器上的電話機器人
    .after =
        JSON（--json）的名稱在各版本間維持不變，但可能增加新的：
        { $middle }
        結束狀態：0 已完成，1 未完成，2 無法識別指令。
help-help = 顯示這裡的說明，或指定指令的說明
help-status = 機器人目前的狀態
help-status--wait = 等到機器人能接聽來電為止
help-monitor = 以全螢幕即時顯示機器人：線路、通話與對話內容、回答的時間花在哪裡、負載與溫度
help-lines = 所有線路
help-line = 指揮一條線路
help-line-off-hook = 拿起話筒：開始通話
help-line-on-hook = 掛回話筒：結束通話
help-calls = 所有尚未結束的通話
help-call = 監看或指揮一通通話。ID 是通話的名稱，或其開頭、結尾，只要不與別的通話相同
help-call-show = 顯示一通通話，以及來電者是誰
help-call-watch = 即時顯示發生的事：一通通話直到結束，或所有通話；包括誰來電、說了什麼
help-call-watch--no-words = 不顯示來電者與對話內容，供沒有權限看的人使用
help-call-listen = 在通話進行時聆聽：機器人所聽到的來電者聲音，以及來電者聽到的聲音。誰聆聽會留下紀錄
help-call-listen--id = 只有一通通話時不必指定
help-call-listen--to = 寫成 WAV 檔（立體聲，左為來電者，右為機器人）；`-` 表示標準輸出
help-call-listen--device = 在這個 ALSA 裝置上播放；`aplay -L` 列出名稱
help-call-place = 讓機器人打電話：以設定中的名稱指定辦公室的人，或 [calls] 的 `may_call` 所列的號碼
help-call-place--whom = 人的名稱，或號碼
help-call-place--line = 用這條線路；只有一條可撥出時不必指定
help-call-place--wait = 等到通話結束並說明如何結束；無人接聽時狀態為 1
help-call-place--watch = 同上，並像 `call watch` 一樣顯示過程
help-call-hangup = 禮貌地結束通話：機器人說再見後掛斷
help-call-hangup--wait = 等到通話結束並說明如何結束
help-call-transfer = 把通話轉給某人，用設定裡的名稱指定
help-call-transfer--wait = 等到那個人接聽，或說明為何沒有接聽；後者狀態為 1
help-models = 型錄裡的模型：做什麼用、是否已安裝、機器人是否使用
help-model = 下載模型
help-model-fetch = 下載模型及其所需的檔案，檢查後安裝。設定有指定它時，機器人重新讀取設定後就會使用
help-model-fetch--name = `switchhookctl models` 所列的名稱
help-jobs = 機器人正在執行或最近執行過的、由人交辦的長時間工作
help-job = 等待或結束一項工作
help-job-wait = 顯示進度直到結束
help-job-cancel = 要求停止；它會在下一個可以安全停下的地方停止
help-messages = 來電者的留言，最新的在前
help-message = 標示一則留言的處理結果
help-message-done = 已處理：不必再有人處理
help-message-done--number = `switchhookctl messages` 所列的編號
help-message-done--undo = 其實還沒處理
help-reports = 最近幾通通話的結果，最新的在前：是否達成目標、說了什麼、哪裡出了問題
help-looks = 誰看過來電者的資料，最新的在前：每次查看都有紀錄
help-log = 顯示機器人記錄哪些日誌，或更改到它下次啟動為止。無論哪個等級都不會記錄來電者的話語與號碼
help-log--levels = 一個等級（error、warn、info、debug 或 trace），個別部分可以另外指定：`info,lines::sip=debug`
help-doctor = 檢查機器人哪裡有問題、該怎麼辦：設定、模型、機密、磁碟、溫度、時鐘、服務、線路與訊息代理
help-export = 把通話的全部紀錄寫進一個檔案，每通電話一行 JSON：給詢問自己資料的人、給主管機關，或給另一個系統。誰拿走了會記錄下來
help-export--to = 要寫入的檔案，只有擁有者能讀；不指定時，寫到目前資料夾，以時間命名；`-` 是標準輸出
help-export--number = 只要這個號碼的通話，連同國碼與區碼，照電話網路給的寫；空格不影響
help-export--since = 只要這一天或這個時間起開始的通話
help-export--until = 只要到這一天結束為止，或這個時間以前開始的通話
help-support-bundle = 把遠端協助者需要看的東西收進一個檔案：設定、檢查結果、狀態與日誌；不含來電者的資料、人名、電話號碼與機密
help-support-bundle--to = 要寫入的封存檔；不指定時，寫到目前資料夾，以時間命名
help-support-bundle--days = 日誌要包含幾天
help-support-bundle--credentials = 機密所在的資料夾；只看檔案在不在、誰能讀，不讀內容
help-setup = 詢問初次設定所需的事項，檢查並寫入設定，下載模型，啟動機器人，並等待一通測試來電
    .after =
        答案檔是 TOML；沒寫的項目用一般的值，或維持目前的設定：

        {"  "}language = "en"                # en、zh-TW、zh-CN
        {"  "}other_languages = ["zh-TW"]    # 預設沒有
        {"  "}office = "北門分公司"
        {"  "}scenario = "reception"         # 或資料夾
        {"  "}profile = "standard"           # tiny、standard、large：依主機板的記憶體
        {"  "}line = "register"              # register、peer、handset、keep
        {"  "}registrar = "sip:pbx.office"   # 用於 register：另有 user 與 password
        {"  "}user = "robot"
        {"  "}password = "secret"
        {"  "}peers = ["192.0.2.0/24"]       # 用於 peer：誰可以來電
        {"  "}device = "plughw:CARD=Handset" # 用於 handset
        {"  "}person = "櫃檯"                # 電話轉給誰，轉到哪裡
        {"  "}address = "sip:100@pbx.office"
        {"  "}fetch = true                   # 下載所需的模型
        {"  "}start = true                   # 啟動機器人
        {"  "}test_call = true               # 然後等一通來電並顯示過程

        `--schema` 會輸出它的 JSON Schema。不加 --answers 時，會在終端機上提問，或由標準輸入逐行回答。
help-setup--answers = 由檔案而不是由人回答；`-` 表示標準輸入
help-setup--schema = 輸出答案檔的 JSON Schema 後結束
help-setup--replace = 可以取代先前執行時寫入的內容
help-setup--drop-ins = 存放服務 drop-in 設定的資料夾
help-config = 檢查並顯示設定；機器人不必在執行
help-config-check = 讀取設定與劇本，指出哪個檔案的哪一行有錯、該怎麼改；可能不是原意之處也會提醒
help-config-reload = 讓機器人重新讀取設定與劇本，從下一通通話起使用；進行中的通話照舊。會說明變更了什麼，或哪裡有錯：有錯時什麼都不變。必須重新啟動才能變更的項目，會連同其他變更一起被拒絕
help-config-show = 顯示目前有效的完整設定，沒寫的項目也會列出實際的值。顯示的內容可以直接當作設定檔
help-config-show--origin = 在每個值後面註明它寫在哪個檔案的哪一行，或 `default`
help-scenario = 在資料夾裡建立、檢查、試驗劇本並與它對話；機器人不必在執行
help-scenario-new = 在新資料夾裡建立劇本：每個檔案都有，內容最精簡
help-scenario-new--language = 要用哪些語言撰寫
help-scenario-check = 以劇本的每種語言讀取它，指出哪裡有錯、該怎麼改
help-scenario-test = 以文字演練 tests/*.yaml 裡的對話
help-scenario-test--dir = 不指定時，由機器人演練它目前所用劇本的對話
help-scenario-test--voice = 以聲音演練：經過我們的語音、電話線路與語音辨識。需要模型，每段對話要花幾秒鐘
help-scenario-coverage = 列出劇本中沒有被 tests/*.yaml 任何對話涵蓋的部分：知識、流程及其步驟、通則、意圖、按鍵
help-scenario-improve = 顯示來電者想要卻沒得到的事，依意思分組：可作為 DIR 知識的候選。會詢問機器人；沒加 --accept 就不會改變任何東西
help-scenario-improve--days = 到現在為止的幾天之內
help-scenario-improve--accept = 逐項詢問要寫什麼，並寫進劇本的知識
help-scenario-chat = 在終端機上以文字與機器人對話
help-scenario-chat--language = 用這個語言，而不是劇本的第一個語言
help-scenario-activate = 檢查並試驗劇本，保存一份作為版本，讓機器人從下一通通話起採用；進行中的通話照舊
help-scenario-activate--untested = 即使它的對話與所寫的不符，或沒有對話
help-scenario-activate--keep = 保留幾個版本
help-scenario-rollback = 讓機器人再次採用較早的版本：前一個，或所指定的
help-scenario-rollback--name = 劇本的名稱
help-scenario-rollback--to = 版本，或其開頭
help-scenario-diff = 逐行顯示變更，以及哪些對話因此有不同的結果。A 與 B 是資料夾，或 NAME@VERSION
help-scenario-diff--first = 要比較的對象；沒有 B 時，與同名的使用中版本比較
help-scenario-list = 顯示啟用過的版本，最近的在前
help-scenario-list--name = 只列出這個劇本
help-scenario-show = 顯示一個版本的用途、存放位置，以及紀錄裡如何稱呼它
help-scenario-show--name = 劇本的名稱
help-scenario-show--version = 版本，或其開頭；不指定時為使用中的版本
help-scenario-schema = 輸出一種檔案的 JSON Schema 供編輯器使用：`scenario`、`lang` 或 `tests`
help-completions = 把 shell 的自動補全寫入標準輸出
help-man = 把說明頁寫入資料夾
