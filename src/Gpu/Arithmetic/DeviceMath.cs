using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace IlgpuDistance.Gpu.Arithmetic;

/// <summary>
/// Products as every device rounds them. Left alone, NVIDIA's compiler fuses a multiplication and an addition wherever it can,
/// and those of OpenCL only within an expression, of which ILGPU makes one for each operation: their GPUs do twice the
/// instructions. So kernels ask for a fused multiply-add wherever a product is added to a sum, and for a product of its own
/// elsewhere.
/// </summary>
internal static class DeviceMath
{
    /// <summary>
    /// What it is called in OpenCL C: <c>fma</c>, or <c>mad</c>, which a compiler rounds as it is fastest, where fma would be
    /// slow: a library's function on devices that do not report it, a quarter of the speed on AMD's before Vega.
    /// </summary>
    /// <param name="isReported">Whether the device reports a fused multiply-add (CL_FP_FMA).</param>
    public static string OpenClDefinition(bool isReported) => !isReported ? "#define multiply_add mad" : """
        #if defined(__AMDGCN__) && !defined(FP_FAST_FMAF)
        #define multiply_add mad
        #else
        #define multiply_add fma
        #endif
        """;

    /// <summary>a · b + c, rounded once.</summary>
    [IntrinsicImplementation]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>a · b, rounded before anything is added to it.</summary>
    [IntrinsicImplementation]
    public static float Multiply(float a, float b) => a * b;

    /// <summary>Says how both are compiled for GPUs; the CPU accelerator runs the methods as they are.</summary>
    /// <param name="context">A context for which nothing has been compiled yet.</param>
    public static void Register(Context context)
    {
        IntrinsicImplementationManager intrinsics = context.GetIntrinsicManager();
        MethodInfo fused = typeof(DeviceMath).GetMethod(nameof(MultiplyAdd))!;
        MethodInfo product = typeof(DeviceMath).GetMethod(nameof(Multiply))!;
        intrinsics.RegisterMethod(fused, new PTXIntrinsic(Own(nameof(EmitFusedPtx)), IntrinsicImplementationMode.GenerateCode));
        intrinsics.RegisterMethod(fused, new CLIntrinsic(Own(nameof(EmitFusedOpenCl)), IntrinsicImplementationMode.GenerateCode));
        intrinsics.RegisterMethod(product, new PTXIntrinsic(
            Own(nameof(EmitProductPtx)), IntrinsicImplementationMode.GenerateCode));
        intrinsics.RegisterMethod(product, new CLIntrinsic(Own(nameof(ProductOpenCl)), IntrinsicImplementationMode.Redirect));
    }

    private static MethodInfo Own(string name) =>
        typeof(DeviceMath).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static void EmitFusedPtx(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        EmitPtx("fma.rn.f32", generator, call, arguments: 3);

    // Said to be rounded, it is not fused.
    private static void EmitProductPtx(PTXBackend backend, PTXCodeGenerator generator, Value call) =>
        EmitPtx("mul.rn.f32", generator, call, arguments: 2);

    private static void EmitPtx(string instruction, PTXCodeGenerator generator, Value call, int arguments)
    {
        var values = new PTXCodeGenerator.PrimitiveRegister[arguments];
        for (int i = 0; i < arguments; i++)
            values[i] = generator.LoadPrimitive(call[i]);
        using PTXCodeGenerator.CommandEmitter command = generator.BeginCommand(instruction, null);
        command.AppendArgument(generator.AllocateHardware(call));
        foreach (PTXCodeGenerator.PrimitiveRegister value in values)
            command.AppendArgument(value);
    }

    private static void EmitFusedOpenCl(CLBackend backend, CLCodeGenerator generator, Value call)
    {
        using CLCodeGenerator.StatementEmitter statement = generator.BeginStatement(generator.Allocate(call));
        statement.AppendCommand("multiply_add");
        statement.BeginArguments();
        for (int i = 0; i < 3; i++)
            statement.AppendArgument(generator.Load(call[i]));
        statement.EndArguments();
    }

    private static float ProductOpenCl(float a, float b) => a * b;
}
