declare namespace cloudbase {
  /** 私有网络配置（出网）。非原生 SDK、用 TCP 访问 VPC 内 MySQL/PostgreSQL/Redis 时必填。vpcId/subnetId 必须与数据库内网 VPC 一致；未知时先查控制台或询问用户，禁止填占位符。 */
  type Vpc = {
    /** VPC ID from the real database/network console (e.g. vpc-xxxxxxxx). Required for non-native TCP DB access. Do NOT invent or use placeholders. */
    vpcId: string;
    /** Subnet ID in the same VPC as the private DB endpoint (e.g. subnet-xxxxxxxx). Do NOT invent or use placeholders. */
    subnetId: string;
  };
  type Items = {
    /** 触发器名称 */
    name: string;
    /** 触发器类型 */
    type: "timer";
    /** 触发器配置。timer 必须使用 CloudBase 7 段 cron 格式：秒 分 时 日 月 星期 年。⚠️ 不支持标准 5 段 cron（如 *\/5 * * * * 是错误的）。正确示例：0 *\/5 * * * * *（每5分钟）、0 0 2 1 * * *（每月1号2点）、0 30 9 * * * *（每天9:30） */
    config: string;
  };
}

declare const cloudbase: {
  /** CloudBase 云函数统一写入口。支持创建函数、更新代码、更新配置、调用函数、发布版本、配置流量别名、管理定时跑 / 定时任务 / scheduled job 的 timer 触发器和层绑定。如果要创建 cron 定时任务，先用 createFunction 创建函数，再用 createFunctionTrigger 创建 timer 触发器（支持7段cron表达式），deleteFunctionTrigger 删除触发器。版本发布：`publishVersion` 对齐 tcb fn publish-version / SDK publishVersion；灰度/切流：`updateFunctionAliasConfig` 对齐 tcb fn config-route / SDK updateFunctionAliasConfig（aliasName 默认 `$DEFAULT`）。HTTP 云函数镜像构建部署：createFunction / updateFunctionCode 通过 func.buildStrategy 区分。func.buildStrategy=image（已有镜像，填 func.imageConfig.imageUri）直接创建/更新 HTTP 函数；func.buildStrategy=local（本地 Docker 构建推送）、cloud（CloudApp 云端构建）走镜像构建部署编排（需要 func.imageConfig；build 非必填，缺省仓库坐标自动补齐：namespace 默认 envId、repository 默认函数名），默认仅生成 dry-run 计划；传入 dryRun=false 且 confirm=true 后执行真实部署。真实部署可传 wait=false 立即返回 taskId，再通过 queryFunctions 的 getFunctionDeployStatus 查询进度和结果。wait=false 仅表示当前 Tool 不等待完整部署；调用方不得在 status=running 时结束流程，必须自动轮询到 succeeded/failed 后再向用户汇报，除非达到轮询上限。local 始终要求本地 MCP 模式；cloud 的真实执行需要读取本地构建上下文，也要求本地 MCP 模式；cloud mode 仅支持 cloud dry-run 和 image 策略。func.buildStrategy 省略或为 zip 时按传统代码包部署。危险操作需要显式 confirm=true。

  **个人版 TCR 凭证**：imageType=personal 的 local/cloud 构建需要推送凭证。若 MCP 配置的 env 中已设置 TCB_TCR_USERNAME 与 TCB_TCR_PASSWORD（与 TENCENTCLOUD_SECRETID 等密钥同样的配置方式），则不需要在请求参数中传递 func.imageConfig.build.registryCredential，留空即可自动读取。不要向用户索要密码明文，也不要把密码写进工具参数。
  注意这条 env 通道只在**本地 stdio MCP、且客户端的 mcp.json 支持自定义 env 块**时可用：部分 GUI 客户端不继承 shell 的 export，IDE 内置型 MCP 的凭据注入通常是硬编码白名单（例如只放行 TENCENTCLOUD_*），这类用户没有配置自定义 env 的通道，「在 MCP 配置的 env 中设置」对他们是无效指引。面向内置 MCP 用户应改为引导：使用企业版（imageType=enterprise，走实例临时令牌，不需要固定密码），或改用 buildStrategy=image 直接部署已推送的镜像。
  **企业版登录态要求**：enterprise 的 cloud/local 构建要经 CAM 铸造 TCR 临时令牌，环境级 API Key 与 OAuth 换出的临时凭据都不带 CAM 策略，会被前置拦截并提示改用账号级密钥或 image 策略；个人版走静态密码直接 docker login，不经过 CAM，反而是 API Key 用户唯一能走通的构建路径。

  **层（Layer）说明**：
  - 层为 SCF 账号级共享命名空间：不同环境创建同名层会共享同一层的版本序列；删除某版本会影响所有绑定该版本的环境的函数
  - 创建层必须用带环境标识的唯一层名，固定格式：`{layerName}_{当前envId}`（如 `common_cloud1-d9ghadgak3edf6b36`）。不要在不同环境使用相同裸层名，创建前先 `listLayers` 查重
  - 相关 action：`createLayerVersion` / `deleteLayerVersion` / `attachLayer` / `detachLayer` / `updateFunctionLayers`（只读查询见 queryFunctions 的 listLayers / listLayerVersions / getLayerVersionDetail）
  @hints destructive */
  manageFunctions: Tool<{
    /** 写操作类型，例如 createFunction、updateFunctionCode、incrementalDeployFunction、invokeFunction、deleteFunction、createFunctionTrigger（定时任务 / cron / timer）、deleteFunctionTrigger、createLayerVersion、deleteLayerVersion、attachLayer、detachLayer、updateFunctionLayers、publishVersion（发布新版本，对齐 tcb fn publish-version）、updateFunctionAliasConfig（更新别名/流量路由，对齐 tcb fn config-route）。层名推荐固定格式 `{layerName}_{当前envId}`（如 common_cloud1-d9ghadgak3edf6b36） */
    action: "createFunction" | "updateFunctionCode" | "updateFunctionConfig" | "invokeFunction" | "deleteFunction" | "createFunctionTrigger" | "deleteFunctionTrigger" | "createLayerVersion" | "deleteLayerVersion" | "attachLayer" | "detachLayer" | "updateFunctionLayers" | "publishVersion" | "updateFunctionAliasConfig" | "incrementalDeployFunction";
    /** createFunction / updateFunctionCode 的函数配置。镜像/构建部署通过 func.buildStrategy（zip/cloud/local/image）区分，镜像相关字段收敛在 func.imageConfig 命名空间下。 */
    func?: {
      /** 函数名称 */
      name: string;
      /** 函数类型 */
      type?: "Event" | "HTTP";
      /** HTTP 函数访问协议，当前仅支持 WebSockets，取值为 WS（配合 protocolParams.wsParams 使用）。普通 HTTP 函数不要传此字段；传其他值（如 HTTP）会报 InvalidParameterValue.ProtocolType。 */
      protocolType?: "WS";
      protocolParams?: {
        wsParams?: {
          /** WebSocket 空闲超时时间（秒） */
          idleTimeOut?: number;
        };
      };
      instanceConcurrencyConfig?: {dynamicEnabled?: boolean; maxConcurrency?: number};
      /** 函数超时时间 */
      timeout?: number;
      /** 环境变量。若包含 DATABASE_URL / MYSQL_* / POSTGRES_* / REDIS_* 等传统 TCP 连库变量，必须同时配置 vpc（vpcId+subnetId），且 ID 必须来自真实库/网络信息，禁止猜测。原生 app.rdb()/app.database() 不需要 VPC。 */
      envVariables?: {[key: string]: string};
      /** 私有网络配置（出网）。非原生 SDK、用 TCP 访问 VPC 内 MySQL/PostgreSQL/Redis 时必填。vpcId/subnetId 必须与数据库内网 VPC 一致；未知时先查控制台或询问用户，禁止填占位符。 */
      vpc?: {
        /** VPC ID from the real database/network console (e.g. vpc-xxxxxxxx). Required for non-native TCP DB access. Do NOT invent or use placeholders. */
        vpcId: string;
        /** Subnet ID in the same VPC as the private DB endpoint (e.g. subnet-xxxxxxxx). Do NOT invent or use placeholders. */
        subnetId: string;
      };
      /** 运行时环境。Event 函数支持多种运行时:
        Nodejs: Nodejs20.19, Nodejs18.15, Nodejs16.13, Nodejs14.18, Nodejs12.16, Nodejs10.15, Nodejs8.9
        Python: Python3.10, Python3.9, Python3.7, Python3.6, Python2.7
        Php: Php8.0, Php7.4, Php7.2
        Java: Java8, Java11
        Golang: Golang1

      推荐运行时:
        Node.js: Nodejs18.15
        Python: Python3.9
        PHP: Php7.4
        Java: Java11
        Go: Golang1

      镜像部署（基于 TCR 镜像创建函数）时填 "CustomImage"，并提供 imageConfig；此时无需 functionRootPath/zipFile。 */
      runtime?: string;
      /** HTTP 函数部署策略：zip=代码包部署（默认，缺省即 zip）；image=使用已有镜像（imageConfig.imageUri 必填）；cloud=云端构建镜像；local=本地 Docker 构建镜像。cloud/local 走镜像构建部署编排，需要 imageConfig；其中 build 非必填：目标仓库坐标（namespace 默认 envId、repository 默认函数名）等缺省可自动补齐，仅在需要指定构建细节或个人版 build.registryCredential 等特定字段时才提供 build。 */
      buildStrategy?: "zip" | "cloud" | "local" | "image";
      /** 镜像配置（buildStrategy=image/cloud/local 或 runtime=CustomImage 时使用），镜像相关字段全部收敛在此命名空间下。image：填 imageUri 使用已有镜像；cloud/local：可填 build 描述如何构建，省略时用默认仓库坐标自动补齐。传入已有镜像（imageUri）即按镜像部署处理，函数无需打包本地代码、scf_bootstrap 或 Handler。 */
      imageConfig?: {
        /** 镜像仓库类型：enterprise=企业版 TCR，personal=个人版 CCR；省略时由 SDK 推断——填了 registryId 推断为 enterprise，否则推断为 personal。 */
        imageType?: "enterprise" | "personal";
        /** 企业版 TCR 实例 ID，形如 tcr-xxxxxxxx；imageType=enterprise 时必填，个人版镜像不填。 (not empty) */
        registryId?: string;
        /** HTTP 镜像函数监听端口，SDK 仅允许 9000；省略即用该值，不要填其他端口。 */
        imagePort?: 9000;
        /** 覆盖镜像入口点（ENTRYPOINT），一般不需要单独设置。 (not empty) */
        entryPoint?: string;
        /** 覆盖镜像启动命令，例如 python；不填则使用镜像 Dockerfile 中的默认值。 */
        command?: string;
        /** 覆盖镜像启动参数，空格分隔，例如 -u app.py。 */
        args?: string;
        /** 镜像启动命令的数组写法，元素已按参数切分，适用于命令本身含空格的场景。 */
        commandList?: string[];
        /** 镜像启动参数的数组写法，元素已按参数切分，适用于参数本身含空格的场景。 */
        argsList?: string[];
        /** 是否开启镜像加速；镜像较大时建议开启以缩短冷启动时间。 */
        containerImageAccelerate?: boolean;
        /** 完整镜像地址（必须含 tag），格式 {domain}/{namespace}/{image}:{tag}，例如 ccr.ccs.tencentyun.com/your-ns/demo-app:demo-app-001。不要使用 :latest。buildStrategy=image（已有镜像）时必填；buildStrategy=cloud/local 可以不填：镜像地址由构建流程产出并回传；目标仓库由 build.repository/build.namespace 决定，显式提供时优先使用你提供的配置，省略时由 manager-node 用默认值自动补齐并创建/复用（namespace 默认 envId、repository 默认函数名）。 */
        imageUri?: string;
        /** 镜像构建目标。buildStrategy=cloud（云端构建）或 local（本地 Docker 构建）时使用；buildStrategy=image（已有镜像）不填。cloud/local 下 build 非必填：缺省仓库坐标可自动补齐（namespace 默认 envId、repository 默认函数名），仅需指定构建细节或个人版 build.registryCredential 等字段时才填。 */
        build?: {
          /** 镜像构建上下文的绝对目录。 */
          cwd: string;
          /** Dockerfile 相对 build.cwd 的路径，默认 Dockerfile。 */
          dockerfile?: string;
          /** 企业版 TCR 实例 ID；personal 镜像构建不填。 (not empty) */
          registryId?: string;
          /** 目标镜像命名空间；不传时默认使用当前环境 ID（envId）。 (not empty) */
          namespace?: string;
          /** 不含 tag/digest 的目标仓库路径；不传时默认使用函数名。local personal 需填写完整 registry/namespace/repository。 (not empty) */
          repository?: string;
          /** local 策略的目标镜像 tag；cloud 策略由平台生成，不填。 (matches /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/) */
          tag?: string;
          /** 目标镜像平台，当前仅支持 linux/amd64。 */
          platform?: "linux/amd64";
          /** Docker 构建参数。禁止传递密钥或凭证。 */
          buildArgs?: {[key: string]: string};
          /** 个人版 TCR 推送凭证（personal local/cloud 需要）。推荐整体省略，改为在 MCP 配置的 env 中设置 TCB_TCR_USERNAME 与 TCB_TCR_PASSWORD，与 TENCENTCLOUD_SECRETID 等密钥的配置方式一致；已设置环境变量时不需要在请求参数中传递凭证。字段级回退：显式传入的字段优先，未传字段读环境变量。 */
          registryCredential?: {
            /** 个人版 CCR 登录用户名，必须为腾讯云账号 UIN。省略时回退读取 MCP 进程的 TCB_TCR_USERNAME 环境变量。 (matches /^\d{5,20}$/) */
            username?: string;
            /** 个人版 CCR 固定密码。**不要在此字段填写明文密码**：请在 MCP 配置的 env 中设置 TCB_TCR_PASSWORD，本字段留空即可自动读取。敏感字段，禁止写入日志或响应。 (1 to 16384 characters) */
            password?: string;
          };
          /** 是否忽略同摘要复用并强制重新构建。 */
          forceBuild?: boolean;
          /** 个人版 TCR 构建完成后保留的最新镜像标签数量。 (integer, more than 0) */
          retainedTags?: number;
        };
        /** buildStrategy=local 时本地构建不可用的处理方式，默认 error。 */
        localFallback?: "cloud" | "error";
      };
      /** 触发器配置数组 */
      triggers?: {
        /** 触发器名称 */
        name: string;
        /** 触发器类型 */
        type: "timer";
        /** 触发器配置。timer 必须使用 CloudBase 7 段 cron 格式：秒 分 时 日 月 星期 年。⚠️ 不支持标准 5 段 cron（如 *\/5 * * * * 是错误的）。正确示例：0 *\/5 * * * * *（每5分钟）、0 0 2 1 * * *（每月1号2点）、0 30 9 * * * *（每天9:30） */
        config: string;
      }[];
      /** 函数入口 */
      handler?: string;
      /** 忽略文件 */
      ignore?: string | string[];
      /** 是否等待依赖安装 */
      isWaitInstall?: boolean;
      /** Layer 配置 */
      layers?: {name: string; version: number}[];
    };
    /** 创建或更新函数代码时默认推荐的本地目录方式。必须是直接包含函数文件夹的目录绝对路径（如 /abs/path/cloudfunctions 或 /abs/path/functions），不要传项目根目录（如 /abs/path），也不要传到函数名子目录（如 /abs/path/cloudfunctions/hello）。本地应按 cloudfunctions/<functionName>/index.js 或 functions/<functionName>/index.js 布局，此参数传 cloudfunctions 或 functions 目录的绝对路径。SDK 会自动拼接函数名子目录，无需预先压缩 zip 或 base64 编码。 */
    functionRootPath?: string;
    /** createFunction 时是否覆盖 */
    force?: boolean;
    /** 目标函数名称（顶层）。updateFunctionCode / updateFunctionConfig / invokeFunction / publishVersion / updateFunctionAliasConfig 等 action 使用此字段。不要只写在 func.name：createFunction 用 func.name，其它 action 用顶层 functionName。若误传 func.name，也会被识别为 functionName。 */
    functionName?: string;
    /** 仅兼容特殊场景：预先准备好的代码包 base64 编码。普通 createFunction/updateFunctionCode 默认不要先压缩 zip，优先使用 functionRootPath。 */
    zipFile?: string;
    /** 函数入口 */
    handler?: string;
    /** 配置更新时的超时时间 */
    timeout?: number;
    /** 配置更新时要合并的环境变量。若含 DATABASE_URL / MYSQL_* / POSTGRES_* / REDIS_* 等 TCP 连库变量，必须同时提供真实 vpc（或函数已绑定完整 VPC）。禁止猜测 vpcId/subnetId。 */
    envVariables?: {[key: string]: string};
    /** 配置更新时的 VPC 信息。非原生 TCP 连库场景必填真实 vpcId+subnetId；不要用占位符。 */
    vpc?: cloudbase.Vpc;
    /** invokeFunction 的调用参数 */
    params?: Record<string, unknown>;
    /** createFunctionTrigger 的触发器列表，用于定时跑 / 定时任务 / scheduled job。timer 触发器使用7段 cron 表达式（秒 分 时 日 月 星期 年），如 "0 *\/5 * * * * *" 表示每5分钟执行一次 */
    triggers?: cloudbase.Items[];
    /** deleteFunctionTrigger 的目标触发器名称 */
    triggerName?: string;
    /** 层名称。创建层推荐固定格式 `{layerName}_{当前envId}`（如 common_cloud1-d9ghadgak3edf6b36）；不要跨环境复用裸层名。层为账号级共享命名空间 */
    layerName?: string;
    /** 层版本号 */
    layerVersion?: number;
    /** 层内容路径，可为目录或 ZIP 文件 */
    contentPath?: string;
    /** 层内容的 base64 编码 */
    base64Content?: string;
    /** 层适用的运行时列表 */
    runtimes?: string[];
    /** 描述信息。createLayerVersion 时为层版本描述；publishVersion / updateFunctionAliasConfig 时为版本或别名描述 */
    description?: string;
    /** 层许可证信息 */
    licenseInfo?: string;
    /** updateFunctionLayers 的目标层列表，顺序即最终顺序 */
    layers?: {
      /** 层名称 */
      layerName: string;
      /** 层版本号 */
      layerVersion: number;
    }[];
    /** 层绑定时的代码保护密钥 */
    codeSecret?: string;
    /** 镜像构建部署（func.buildStrategy=cloud/local）是否只生成部署计划。默认 true；传 false 时必须同时传 confirm=true。 (default true) */
    dryRun?: boolean;
    /** 真实镜像部署是否等待完整部署；设为 false 立即返回 taskId 并后台执行。默认 true 是为了兼容既有调用方，但同步等待最长可达约 15 分钟，很容易先撞上 MCP Client 的请求超时——客户端超时只是断开这次请求，云端部署仍在继续，却拿不到 taskId 追踪。因此执行真实构建部署（buildStrategy=cloud/local，dryRun=false）时建议显式传 wait=false。 (default true) */
    wait?: boolean;
    /** 镜像部署是否允许 manager-node 自动补齐固定白名单 CAM 策略。默认 false；仅在明确确认权限变更时设为 true。 (default false) */
    autoGrant?: boolean;
    /** 危险操作确认开关。deleteFunction、deleteFunctionTrigger、deleteLayerVersion、detachLayer 等删除类操作以及镜像构建部署（func.buildStrategy=cloud/local）真实执行需要显式传入 confirm=true */
    confirm?: boolean;
    /** incrementalDeployFunction 增量部署时的变更文件路径 */
    incrementalFile?: string;
    /** `updateFunctionAliasConfig` 的别名名称。省略时默认 `$DEFAULT`（与 tcb fn config-route 一致） */
    aliasName?: string;
    /** `updateFunctionAliasConfig` 的主版本。可为具体版本号或 `$LATEST` */
    functionVersion?: string;
    /** `updateFunctionAliasConfig` 的流量路由配置。AdditionalVersionWeights 用于灰度权重；AddtionVersionMatchs 为 SCF/SDK 历史字段名（含拼写） */
    routingConfig?: {
      /** 附加版本权重列表（灰度发布） */
      AdditionalVersionWeights?: {
        /** 附加流量版本号 */
        Version: string;
        /** 附加流量权重（0-1 或百分比，按 SCF 约定） */
        Weight: number;
      }[];
      /** 附加版本匹配规则列表（字段名保持 SCF AddtionVersionMatchs） */
      AddtionVersionMatchs?: {
        /** 匹配规则指向的版本号 */
        Version: string;
        /** 匹配规则的 Header/Query Key */
        Key: string;
        /** 匹配方法，如 Exact / Regex */
        Method: string;
        /** 匹配表达式 */
        Expression: string;
      }[];
    };
  }>;
};
