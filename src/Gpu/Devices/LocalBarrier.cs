using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>
/// The barrier of a group: no work-item passes it before all have reached it, and what they wrote to shared and global memory
/// before it, all of them see after it. It stands in place of <see cref="Group.Barrier"/>, which has two defects in ILGPU
/// 1.5.3:
/// <list type="bullet">
/// <item>On OpenCL it becomes <c>work_group_barrier(CLK_GLOBAL_MEM_FENCE)</c>, which orders global memory only. What
/// work-items hand to each other through shared memory is then a race.</item>
/// <item>On every device, ILGPU's code placement (at optimisation level O2) moves loads down past the barrier where it is the
/// last memory operation of its basic block, as it is at the end of a loop over tiles: in its search for an operation in the
/// way it leaves out the last one. So one more memory operation, which becomes no instruction, follows the barrier here.
/// (In the same way a load can move past a store at the end of a loop's body; this class is no help there.)</item>
/// </list>
/// </summary>
internal static class LocalBarrier
{
    /// <summary>Waits for all work-items of the group, each of which must get here, and equally often.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Wait()
    {
        WaitForGroup();
        HoldLoads();
    }

    /// <summary>Says how the barrier is compiled for GPUs; the CPU accelerator runs the methods as they are.</summary>
    /// <param name="context">A context for which nothing has been compiled yet.</param>
    public static void Register(Context context)
    {
        IntrinsicImplementationManager intrinsics = context.GetIntrinsicManager();
        MethodInfo wait = Own(nameof(WaitForGroup)), hold = Own(nameof(HoldLoads));
        intrinsics.RegisterMethod(wait, new PTXIntrinsic(Own(nameof(WaitOnPtx)), IntrinsicImplementationMode.Redirect));
        intrinsics.RegisterMethod(hold, new PTXIntrinsic(Own(nameof(EmitNothingPtx)), IntrinsicImplementationMode.GenerateCode));
        intrinsics.RegisterMethod(wait, new CLIntrinsic(
            Own(nameof(EmitOpenClBarrier)), IntrinsicImplementationMode.GenerateCode));
        intrinsics.RegisterMethod(hold, new CLIntrinsic(
            Own(nameof(EmitNothingOpenCl)), IntrinsicImplementationMode.GenerateCode));
    }

    private static MethodInfo Own(string name) =>
        typeof(LocalBarrier).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    [IntrinsicImplementation]
    private static void WaitForGroup() => Group.Barrier();

    [IntrinsicImplementation]
    private static void HoldLoads() { }

    private static void WaitOnPtx() => Group.Barrier();

    // By its name in OpenCL C 1.2, which all later versions know, too.
    private static void EmitOpenClBarrier(CLBackend backend, CLCodeGenerator generator, Value call)
    {
        using CLCodeGenerator.StatementEmitter statement = generator.BeginStatement("barrier");
        statement.BeginArguments();
        statement.AppendCommand("CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE");
        statement.EndArguments();
    }

    private static void EmitNothingPtx(PTXBackend backend, PTXCodeGenerator generator, Value call) { }

    private static void EmitNothingOpenCl(CLBackend backend, CLCodeGenerator generator, Value call) { }
}
