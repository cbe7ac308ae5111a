using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Gpu.Tests.Kernels;

public sealed class KernelArgumentsTests
{
    /// <summary>Where a nested structure has padding, ILGPU 1.5.3 can read the fields behind it from the wrong place.</summary>
    [Fact]
    public void No_structure_inside_a_kernel_s_arguments_has_padding()
    {
        Assert.NotEmpty(KernelCatalogue.All);
        foreach (Kernel kernel in KernelCatalogue.All)
        {
            Type arguments = Assert.Single(kernel.Method.GetParameters()).ParameterType;
            foreach (FieldInfo field in Fields(arguments))
            {
                Assert.Equal((kernel.Name, field.FieldType, SizeOf(field.FieldType)),
                    (kernel.Name, field.FieldType, SumOfSizes(field.FieldType)));
            }
        }
    }

    [Fact]
    public void Names_in_the_catalogue_are_unique() =>
        Assert.Equal(KernelCatalogue.All.Count, KernelCatalogue.All.Select(kernel => kernel.Name).Distinct().Count());

    private static int SumOfSizes(Type type) =>
        IsWhole(type) ? SizeOf(type) : Fields(type).Sum(field => SumOfSizes(field.FieldType));

    private static bool IsWhole(Type type) =>
        type.IsPrimitive || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>));

    private static FieldInfo[] Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
