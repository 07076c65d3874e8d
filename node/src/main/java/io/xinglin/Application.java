package io.xinglin;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/// The Spring application of a node; [Xinglin] is the command that starts it.
@SpringBootApplication
@EnableScheduling
public class Application {}
