using IlgpuDistance.Checks.Races;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Tests.Races;

public sealed class SimulationLogTests
{
    /// <summary>What Oclgrind 21.10 prints, shortened.</summary>
    private const string Log = """
        launched linear-forward-bytes-wide N=65 I=17 O=65 S=1
        launched linear-weight-gradient-bytes-wide N=65 I=17 O=65 S=1

        Read-write data race at local memory address 0x1000000000630
        	Kernel: Kernel_Run
        	
        	First entity:  Global(1,0,0) Local(1,0,0) Group(0,0,0)
        	  %var290.sroa.0.0.copyload = load float, float addrspace(3)* %var290.sroa.0.0..sroa_idx, align 4
        	At line 1140 (column 12) of input.cl:
        	  var290 =  *  var289;
        	
        	Second entity: Global(0,0,0) Local(0,0,0) Group(0,0,0)
        	  store float %var77.0, float addrspace(3)* %arrayidx604, align 4
        	At line 1642 (column 13) of input.cl:
        	  *  var690 =  var77;
        	

        Read-write data race at local memory address 0x1000000000210
        	Kernel: Kernel_Run
        	
        	First entity:  Global(2,0,0) Local(2,0,0) Group(0,0,0)
        	  %var290.sroa.0.0.copyload = load float, float addrspace(3)* %var290.sroa.0.0..sroa_idx, align 4
        	At line 1140 (column 12) of input.cl:
        	  var290 =  *  var289;
        	
        	Second entity: Global(0,0,0) Local(0,0,0) Group(0,0,0)
        	  store float %var77.0, float addrspace(3)* %arrayidx604, align 4
        	At line 1642 (column 13) of input.cl:
        	  *  var690 =  var77;
        	

        Controlflow depends on uninitialized value
        	Kernel: Kernel_Run
        	Entity: Global(0,0,0) Local(0,0,0) Group(0,0,0)
        	  br i1 %cmp396, label %L_3574842, label %L_3574841
        	At line 743 (column 6) of input.cl:
        	  if (var275)
        	
        launched step N=0 I=2304 O=0 S=1
        """;

    [Fact]
    public void Reports_belong_to_the_kernel_that_is_named_before_them() => Assert.Equal(
        [
            "case, linear-weight-gradient-bytes-wide: Read-write data race at local memory " +
                "(line 1140 (column 12) of input.cl and line 1642 (column 13) of input.cl), and 1 more",
            "case, linear-weight-gradient-bytes-wide: Controlflow depends on uninitialized value (line 743 (column 6) of " +
                "input.cl)",
        ],
        new SimulationLog("case", Log, exitCode: 0).Problems());

    [Fact]
    public void Launches_keep_their_order_and_sizes()
    {
        var log = new SimulationLog("case", Log, exitCode: 0);
        Assert.Equal(
            [
                new("linear-forward-bytes-wide", new WorkShape(65, 17, 65)),
                new("linear-weight-gradient-bytes-wide", new WorkShape(65, 17, 65)),
                new("step", new WorkShape(0, 2304, 0)),
            ], log.Launches);
    }

    [Fact]
    public void A_simulation_that_ends_with_an_error_is_a_problem() => Assert.Equal(
        ["case: the simulation ended with exit code 139"],
        new SimulationLog("case", "launched step N=0 I=1 O=0 S=1\n", exitCode: 139).Problems());

    [Fact]
    public void What_is_said_outside_of_any_kernel_is_a_problem_too() => Assert.Equal(
        ["case, no kernel: Unhandled exception. System.Exception"],
        new SimulationLog("case", "Unhandled exception. System.Exception\n   at Somewhere\n", exitCode: 134).Problems());

    [Fact]
    public void A_quiet_log_has_no_problem() =>
        Assert.Empty(new SimulationLog("case", "launched step N=0 I=1 O=0 S=1\n", exitCode: 0).Problems());
}
