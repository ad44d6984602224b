"""What a load balancer is told, in the words of the edge: listeners, rules, target groups."""
import math


def number(attributes, name, default):
    return float(attributes.get(name) or default)


def flag(attributes, name, default="false"):
    return str(attributes.get(name) or default).lower() == "true"


def document(balancer, target_groups, address, settings, certificate):
    """The edge's config for one load balancer. `target_groups` are those of its region, by ARN."""
    rules, listeners, used = [], [], {}
    for listener in balancer.listeners.values():
        name = f"{listener.protocol.lower()}-{listener.port}"
        made = {"name": name, "address": f"{address}:{listener.port}"}
        if listener.protocol == "HTTPS":
            made["tls"] = {"certificates": [certificate()]}
        listeners.append(made)
        ordered = sorted(listener.rules.values(), key=lambda each: (
            math.inf if each.priority == "default" else int(each.priority)))
        for rule in ordered:
            action = _action(rule.actions, target_groups, used)
            rules.append({"priority": len(rules) + 1, "listener": name}
                         | _conditions(rule.conditions) | action)
    return {"listeners": listeners, "rules": rules,
            "groups": {group.name: _group(group, settings) for group in used.values()},
            "limits": _limits(balancer.attrs), "attributes": _attributes(balancer.attrs)}


def groups_of(balancer, target_groups):
    """The target groups that some rule of the balancer forwards to; weight 0 counts."""
    found = {}
    for listener in balancer.listeners.values():
        for rule in listener.rules.values():
            for arn, _ in weights(forward(rule.actions)):
                if arn in target_groups:
                    found[arn] = target_groups[arn]
    return found


def forward(actions):
    """The forward action of a rule, or None."""
    return next((each.data if hasattr(each, "data") else each for each in actions
                 if (each.data if hasattr(each, "data") else each).get("Type") == "forward"), None)


def weights(action):
    """[(target group ARN, weight)] of a forward action."""
    if action is None:
        return []
    config = action.get("ForwardConfig") or {}
    if config.get("TargetGroups"):
        return [(each["TargetGroupArn"], int(each.get("Weight", 1))) for each in config["TargetGroups"]]
    return [(action["TargetGroupArn"], 1)] if action.get("TargetGroupArn") else []


def _action(actions, target_groups, used):
    action = forward(actions)
    if action is not None:
        shares = {}
        for arn, weight in weights(action):
            if arn in target_groups:
                used[arn] = target_groups[arn]
                shares[target_groups[arn].name] = weight
        if sum(shares.values()) == 0:
            # All groups stay in the rule, and are checked, though nobody is sent to them.
            return {"fixed": {"status": 503, "content_type": "text/plain", "body": ""}}
        made = {"weights": shares, "replay": "never"}
        sticky = (action.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig") or {}
        if str(sticky.get("Enabled", False)).lower() == "true":
            made["stickiness_s"] = int(sticky["DurationSeconds"])
        return {"forward": made}
    last = actions[-1].data if hasattr(actions[-1], "data") else actions[-1]
    if last["Type"] == "fixed-response":
        config = last["FixedResponseConfig"]
        return {"fixed": {"status": int(config["StatusCode"]), "body": config.get("MessageBody", ""),
                          "content_type": config.get("ContentType", "text/plain")}}
    if last["Type"] == "redirect":
        config = last["RedirectConfig"]
        place = "{}://{}:{}{}".format(config.get("Protocol", "#{protocol}").lower(),
                                      config.get("Host", "#{host}"), config.get("Port", "#{port}"),
                                      config.get("Path", "/#{path}").replace("/#{path}", "#{path}"))
        query = config.get("Query", "#{query}")
        return {"redirect": {"status": int(config["StatusCode"].removeprefix("HTTP_")),
                             "location": place + (f"?{query}" if query else "")}}
    return {"fixed": {"status": 501, "content_type": "text/plain",
                      "body": f"awsbox has no action {last['Type']}"}}


def _conditions(conditions):
    made = {}
    for condition in conditions or []:
        field = condition.get("Field")
        config = next((value for key, value in condition.items() if key.endswith("Config")), {})
        values = config.get("Values") or condition.get("Values") or []
        if field == "path-pattern":
            made["path"] = values
        elif field == "host-header":
            made["host"] = values
        elif field == "http-header":
            made.setdefault("header", []).append({"name": config["HttpHeaderName"], "value": values})
        elif field == "http-request-method":
            made["methods"] = values
        elif field == "source-ip":
            made["source"] = values
        elif field == "query-string":
            made["query"] = [{"key": each.get("Key", ""), "value": each["Value"]} if each.get("Key")
                             else {"value": each["Value"]} for each in values]
    return made or {"path": "*"}


def _ms(seconds, settings, least=1):
    return max(least, round(seconds * settings.second_s * 1000))


def _group(group, settings):
    attributes = group.attributes
    matcher = (getattr(group, "matcher", None) or {}).get("HttpCode") or "200"
    interval = float(group.health_check_interval_seconds)
    made = {
        "balance": {"least_outstanding_requests": "least_outstanding"}.get(
            attributes.get("load_balancing.algorithm.type"), attributes.get(
                "load_balancing.algorithm.type", "round_robin")),
        "deregistration_delay_ms": round(
            number(attributes, "deregistration_delay.timeout_seconds", 300) * settings.second_s * 1000),
        "slow_start_ms": round(number(attributes, "slow_start.duration_seconds", 0)
                               * settings.second_s * 1000),
        "health": {"path": group.health_check_path or "/", "matcher": str(matcher),
                   "interval_ms": _ms(interval, settings, 100),
                   "timeout_ms": min(_ms(float(group.health_check_timeout_seconds), settings, 1000),
                                     30000),
                   "healthy_after": int(group.healthy_threshold_count),
                   "unhealthy_after": int(group.unhealthy_threshold_count)},
    }
    if flag(attributes, "stickiness.enabled"):
        if attributes.get("stickiness.type") == "app_cookie":
            made["stickiness"] = {"kind": "app_cookie",
                                  "cookie": attributes.get("stickiness.app_cookie.cookie_name", "")}
        else:
            made["stickiness"] = {"kind": "lb_cookie", "duration_s": int(number(
                attributes, "stickiness.lb_cookie.duration_seconds", 86400))}
    return made


def _limits(attributes):
    # One timeout for requests, answers and WebSockets alike, as there; in real seconds, for clients are real.
    idle = round(number(attributes, "idle_timeout.timeout_seconds", 60) * 1000)
    life = round(number(attributes, "client_keep_alive.seconds", 3600) * 1000)
    return {"idle_timeout_ms": idle, "response_timeout_ms": idle, "socket_idle_ms": idle,
            "keep_alive_ms": idle, "connection_lifetime_ms": life, "hold_when_empty_ms": 0}


def _attributes(attributes):
    return {"preserve_host": flag(attributes, "routing.http.preserve_host_header.enabled"),
            "drop_invalid_fields": flag(attributes, "routing.http.drop_invalid_header_fields.enabled"),
            "client_port": flag(attributes, "routing.http.xff_client_port.enabled"),
            "forwarded_for": attributes.get("routing.http.xff_header_processing.mode") or "append",
            "desync": attributes.get("routing.http.desync_mitigation_mode") or "defensive",
            "trace_context": False}
