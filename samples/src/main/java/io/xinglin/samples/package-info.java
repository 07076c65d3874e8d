/// Makes the sample patients with Synthea. Start at [SampleMaker].
package io.xinglin.samples;
